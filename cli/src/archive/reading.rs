//! Reads everything into parts. A part holds the rows that were read so far, and reading continues where it stopped.

use std::future::ready;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use amazon_chime::operations::{AsJson, List, Operation};
use amazon_chime::{Client, Error, Json, Request};
use fs_err::tokio as fs;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use tokio::io::{AsyncBufReadExt, BufReader};

use super::part::{Failed, Mark, Note, Part, rows_path};
use super::requests::Requests;
use super::state::Archive;
use crate::errors::reason;
use crate::progress::Progress;
use crate::rows::{self, Kind, Row, Seen};

/// The number of bytes of rows that are collected before they are written.
const BATCH: usize = 64 * 1024;

/// The number of steps for each account: settings, retention, users, bots, rooms.
const STEPS_OF_ACCOUNT: u64 = 5;

/// The values that all reads of a run share.
pub(crate) struct Reader<'a> {
    pub(crate) client: &'a Client,
    pub(crate) archive: &'a Archive,
    pub(crate) requests: &'a Requests,
    pub(crate) progress: &'a Progress,
    pub(crate) concurrency: NonZeroUsize,
}

impl Reader<'_> {
    /// Reads everything. Only disk errors stop the reading.
    pub(crate) async fn read(&self) -> io::Result<()> {
        self.progress.expect(STEPS_OF_TENANT);
        tokio::try_join!(self.tenant(), self.accounts())?;
        Ok(())
    }

    /// Reads the resources that belong to no account.
    async fn tenant(&self) -> io::Result<()> {
        let (client, place) = (self.client, |kind| self.place(kind));
        tokio::try_join!(
            self.one(place(&rows::GLOBAL_SETTINGS), client.get_global_settings()),
            self.one(place(&rows::PHONE_NUMBER_SETTINGS), client.get_phone_number_settings()),
            self.listing(place(&rows::PHONE_NUMBER), client.list_phone_numbers().max_results(99)),
            self.listing(
                place(&rows::PHONE_NUMBER_ORDER),
                client.list_phone_number_orders().max_results(99)
            ),
        )?;
        Ok(())
    }

    /// Reads the accounts, and then the resources of several accounts at the same time.
    async fn accounts(&self) -> io::Result<()> {
        let place = self.place(&rows::ACCOUNT);
        let part = place.path();
        let mark = self.listing(place, self.client.list_accounts().max_results(200)).await?;
        self.progress.expect(mark.rows * STEPS_OF_ACCOUNT);
        // A list that changes during reading may name an account twice, and two readers would damage its parts.
        let mut seen = Seen::default();
        rows_of(&part, 0)
            .try_filter(|line| {
                let is_new = Row::read(&rows::ACCOUNT, line).is_ok_and(|row| seen.insert(&row.ids));
                if !is_new {
                    self.progress.did(STEPS_OF_ACCOUNT);
                }
                ready(is_new)
            })
            .map_ok(|line| async move { self.account(&line).await })
            .try_buffer_unordered(self.concurrency.get())
            .try_collect()
            .await
    }

    async fn account(&self, line: &str) -> io::Result<()> {
        let Ok(row) = Row::read(&rows::ACCOUNT, line) else { return Ok(()) };
        let account_type = row.text(&["AccountType"]).unwrap_or_default();
        let id = row.id();
        let account = Account {
            reader: self,
            directory: self.archive.account(&id),
            id,
            is_enterprise: account_type.starts_with("Enterprise"),
        };
        // This future is large, and there is one for each account that is being read.
        Box::pin(account.read()).await
    }

    /// Reads the response of one call.
    async fn one<O>(&self, place: Place<'_>, request: Request<O>) -> io::Result<Mark>
    where
        O: Operation,
        AsJson<O>: Operation<Output: Text>,
    {
        let mut part = Part::open(&place.path()).await?;
        if part.mark.is_complete {
            self.progress.did_before(1);
            return Ok(part.mark);
        }
        let lines = match self.requests.send(request.as_json()).await {
            Ok(json) => place.kind.line(json.text(), &place.parents),
            Err(error) => return self.could_not(part, &place, &error).await,
        };
        part.add(&lines, Mark::complete).await?;
        self.progress.did(1);
        Ok(part.mark)
    }

    /// Reads a list to its end, from where its part stops.
    async fn listing<L: List>(&self, place: Place<'_>, listing: Request<L>) -> io::Result<Mark> {
        let mut part = Part::open(&place.path()).await?;
        if part.mark.is_complete {
            self.progress.did_before(1);
            return Ok(part.mark);
        }
        let listing = listing.as_json();
        let mut token_is_old = part.mark.next_token.is_some();
        while !part.mark.is_complete {
            let token = part.mark.next_token.clone().unwrap_or_default();
            let mut pages = listing.clone().next_token(token).pages();
            while !part.mark.is_complete {
                match self.requests.one(pages.try_next()).await {
                    Ok(Some(page)) => {
                        let lines: String = page
                            .items
                            .iter()
                            .map(|item| place.kind.line(item.get(), &place.parents))
                            .collect();
                        self.progress.add_rows(place.kind.noun, page.items.len() as u64);
                        let next_token = page.next_token;
                        part.add(&lines, |mark| {
                            if next_token.is_none() {
                                mark.complete();
                            }
                            mark.next_token = next_token;
                        })
                        .await?;
                    }
                    // This is never the end of the list, because the last page completes the part and ends the loop.
                    Ok(None) => break,
                    Err(error) if error.is_throttled() => break,
                    // Tokens can expire, so the list is read again from its first page.
                    Err(error) if token_is_old && may_be_about_the_token(&error) => {
                        part.start_over().await?;
                        token_is_old = false;
                        break;
                    }
                    Err(error) => return self.could_not(part, &place, &error).await,
                }
                token_is_old = false;
            }
        }
        self.progress.did(1);
        Ok(part.mark)
    }

    /// Makes one call for each row of another part, and stores the results in the order of the rows.
    ///
    /// The mark, which is the state of the part, counts the finished rows instead of naming them. The next run first
    /// retries the failed rows.
    async fn each<F>(
        &self,
        path: &Path,
        source: &Path,
        source_kind: &Kind,
        read: impl Fn(String) -> F,
    ) -> io::Result<()>
    where
        F: Future<Output = (String, Outcome)>,
    {
        let mut part = Part::open(path).await?;
        if part.mark.is_complete {
            self.progress.did_before(part.mark.done);
            return Ok(());
        }
        let retried: Vec<String> =
            part.mark.failed.iter().map(|failed| failed.id.clone()).collect();
        let mut left_to_retry = retried.len();
        self.progress.did_before(part.mark.done - left_to_retry as u64);
        let again = stream::iter(retried.into_iter().map(Ok));
        let new = rows_of(source, part.mark.done).try_filter_map(async |line| {
            Ok(Row::read(source_kind, &line).ok().and_then(|mut row| row.ids.pop()))
        });
        let outcomes = again.chain(new).map_ok(|id| async { Ok(read(id).await) });
        let mut outcomes = std::pin::pin!(outcomes.try_buffered(self.concurrency.get()));

        let (mut lines, mut mark) = (String::new(), part.mark.clone());
        while let Some((id, outcome)) = outcomes.try_next().await? {
            if left_to_retry > 0 {
                left_to_retry -= 1;
                mark.failed.pop_front();
            } else {
                mark.done += 1;
            }
            match outcome {
                Outcome::Rows(rows) => lines += &rows,
                Outcome::Nothing(None) => {}
                Outcome::Nothing(Some(reason)) => mark.notes.push(Note { id, reason }),
                Outcome::Failed(error) => mark.failed.push_back(Failed { id, error }),
            }
            self.progress.did(1);
            if lines.len() > BATCH {
                commit(&mut part, &mut lines, &mut mark).await?;
            }
        }
        mark.is_complete = mark.failed.is_empty();
        commit(&mut part, &mut lines, &mut mark).await
    }

    fn place<'a>(&self, kind: &'a Kind) -> Place<'a> {
        let directory = self.archive.parts();
        Place { kind, directory, parents: Vec::new(), is_enterprise: true }
    }

    /// Records why something could not be read to its end, or does not exist.
    async fn could_not(
        &self,
        mut part: Part,
        place: &Place<'_>,
        error: &Error,
    ) -> io::Result<Mark> {
        let id = place.id();
        match self.meaning(error, place, &id) {
            Outcome::Failed(error) => {
                let failed = Failed { id, error };
                part.add("", |mark| mark.failed = [failed].into()).await?;
            }
            Outcome::Nothing(reason) => {
                part.add("", |mark| {
                    mark.complete();
                    mark.notes.extend(reason.map(|reason| Note { id, reason }));
                })
                .await?;
            }
            Outcome::Rows(_) => {}
        }
        self.progress.did(1);
        Ok(part.mark)
    }

    /// Decides what an error means for the requested resource.
    fn meaning(&self, error: &Error, place: &Place<'_>, id: &str) -> Outcome {
        if error.is_not_found() {
            self.requests.failures.succeeded();
            // Many bots have no events configuration, so there is no note.
            let is_usual = place.kind.name == rows::EVENTS_CONFIGURATION.name;
            return Outcome::Nothing(
                (!is_usual).then(|| format!("does not exist ({})", reason(error))),
            );
        }
        let may_be_absent = !place.is_enterprise && OF_ENTERPRISE.contains(&place.kind.name);
        if error.code() == Some("ForbiddenException") && may_be_absent {
            self.requests.failures.succeeded();
            return Outcome::Nothing(Some(format!(
                "not available for this type of account ({})",
                reason(error)
            )));
        }
        self.requests.failures.add(error, id);
        Outcome::Failed(reason(error))
    }
}

/// The kinds that only Enterprise accounts have.
const OF_ENTERPRISE: [&str; 5] =
    ["AccountRetention", "Bot", "EventsConfiguration", "Room", "RoomMembership"];

/// The number of steps that belong to no account, including the list of accounts.
const STEPS_OF_TENANT: u64 = 5;

/// An account whose resources are read.
struct Account<'a> {
    reader: &'a Reader<'a>,
    id: String,
    directory: PathBuf,
    is_enterprise: bool,
}

impl Account<'_> {
    async fn read(&self) -> io::Result<()> {
        crate::files::create_directory(&self.directory)?;
        let (reader, client, id) = (self.reader, self.reader.client, self.id.as_str());
        let place = |kind| self.place(kind, None);
        let (settings, retention) =
            (place(&rows::ACCOUNT_SETTINGS), place(&rows::ACCOUNT_RETENTION));
        let (users, bots, rooms) = (place(&rows::USER), place(&rows::BOT), place(&rows::ROOM));
        let sources = [users.path(), bots.path(), rooms.path()];
        // Users and bots are read before memberships, so a member who leaves in between is still in the archive.
        let (_, _, users, bots, rooms) = tokio::try_join!(
            reader.one(settings, client.get_account_settings(id)),
            reader.one(retention, client.get_retention_settings(id)),
            reader.listing(users, client.list_users(id).max_results(200)),
            reader.listing(bots, client.list_bots(id).max_results(99)),
            reader.listing(rooms, client.list_rooms(id).max_results(99)),
        )?;
        let [of_users, of_bots, of_rooms] = sources;
        tokio::try_join!(
            async {
                if !rooms.is_complete {
                    return Ok(());
                }
                reader.progress.expect(rooms.rows);
                let read = async |room_id| self.memberships(room_id).await;
                let part = place(&rows::ROOM_MEMBERSHIP).path();
                reader.each(&part, &of_rooms, &rows::ROOM, read).await
            },
            async {
                if !bots.is_complete {
                    return Ok(());
                }
                reader.progress.expect(bots.rows);
                let read = async |bot_id: String| {
                    let request = client.get_events_configuration(id, bot_id.as_str());
                    self.one(&rows::EVENTS_CONFIGURATION, bot_id, request).await
                };
                let part = place(&rows::EVENTS_CONFIGURATION).path();
                reader.each(&part, &of_bots, &rows::BOT, read).await
            },
            async {
                if !reader.archive.user_settings() || !users.is_complete {
                    return Ok(());
                }
                reader.progress.expect(users.rows);
                let read = async |user_id: String| {
                    let request = client.get_user_settings(id, user_id.as_str());
                    self.one(&rows::USER_SETTINGS, user_id, request).await
                };
                let part = place(&rows::USER_SETTINGS).path();
                reader.each(&part, &of_users, &rows::USER, read).await
            },
        )?;
        Ok(())
    }

    /// Reads all memberships of a room.
    async fn memberships(&self, room_id: String) -> (String, Outcome) {
        let place = self.place(&rows::ROOM_MEMBERSHIP, Some(&room_id));
        let listing =
            self.reader.client.list_room_memberships(&*self.id, room_id.as_str()).max_results(99);
        let (mut lines, mut count, mut token) = (String::new(), 0, String::new());
        let outcome = 'read: loop {
            let mut pages = listing.clone().as_json().next_token(token.as_str()).pages();
            loop {
                match self.reader.requests.one(pages.try_next()).await {
                    Ok(Some(page)) => {
                        count += page.items.len() as u64;
                        for item in &page.items {
                            lines += &place.kind.line(item.get(), &place.parents);
                        }
                        token = page.next_token.unwrap_or_default();
                    }
                    Ok(None) => {
                        self.reader.progress.add_rows(place.kind.noun, count);
                        break 'read Outcome::Rows(lines);
                    }
                    Err(error) if error.is_throttled() => break,
                    Err(error) => break 'read self.reader.meaning(&error, &place, &place.id()),
                }
            }
        };
        (room_id, outcome)
    }

    /// Reads the response of one call about a resource of the account.
    async fn one<O>(&self, kind: &Kind, of: String, request: Request<O>) -> (String, Outcome)
    where
        O: Operation,
        AsJson<O>: Operation<Output: Text>,
    {
        let place = self.place(kind, Some(&of));
        let outcome = match self.reader.requests.send(request.as_json()).await {
            Ok(json) => Outcome::Rows(kind.line(json.text(), &place.parents)),
            Err(error) => self.reader.meaning(&error, &place, &place.id()),
        };
        (of, outcome)
    }

    fn place<'a>(&'a self, kind: &'a Kind, of: Option<&'a str>) -> Place<'a> {
        let parents = [Some(self.id.as_str()), of].into_iter().flatten().collect();
        let directory = self.directory.clone();
        Place { kind, directory, parents, is_enterprise: self.is_enterprise }
    }
}

/// The kind and the parents of rows that are read, and the directory for them.
struct Place<'a> {
    kind: &'a Kind,
    /// The directory of the parts of the account or of the tenant.
    directory: PathBuf,
    parents: Vec<&'a str>,
    /// Whether the account can have resources of all kinds.
    is_enterprise: bool,
}

impl Place<'_> {
    fn path(&self) -> PathBuf {
        self.directory.join(self.kind.part)
    }

    fn id(&self) -> String {
        self.parents.join("/")
    }
}

/// The result of a read.
enum Outcome {
    /// The rows, as lines.
    Rows(String),
    /// The resource does not exist. The reason, if any, is noted.
    Nothing(Option<String>),
    Failed(String),
}

/// The output of a call as JSON.
pub(crate) trait Text {
    fn text(&self) -> &str;
}

impl<T> Text for Json<T> {
    fn text(&self) -> &str {
        self.get()
    }
}

impl Mark {
    fn complete(&mut self) {
        self.is_complete = true;
        self.failed.clear();
    }
}

/// Adds the lines to the part, and stores the mark that belongs to them.
async fn commit(part: &mut Part, lines: &mut String, mark: &mut Mark) -> io::Result<()> {
    let (bytes, rows) = (part.mark.bytes, part.mark.rows);
    part.add(lines, |known| {
        let added = (known.bytes - bytes, known.rows - rows);
        *known = mark.clone();
        known.bytes = bytes + added.0;
        known.rows = rows + added.1;
    })
    .await?;
    mark.clone_from(&part.mark);
    lines.clear();
    Ok(())
}

/// Reads the lines of a complete part one by one, without the first `from` lines.
fn rows_of(part: &Path, from: u64) -> impl Stream<Item = io::Result<String>> + use<> {
    let path = rows_path(part);
    let lines = async move {
        match fs::File::open(path).await {
            Ok(file) => Ok(Some(BufReader::new(file).lines())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    };
    let rows = stream::once(lines).try_filter_map(async |lines| Ok(lines)).map_ok(|lines| {
        stream::try_unfold(lines, async |mut lines| {
            Ok::<_, io::Error>(lines.next_line().await?.map(|line| (line, lines)))
        })
    });
    let rows = rows.try_flatten();
    // Skips the earlier lines one by one, which is fast.
    let mut index = 0;
    rows.try_filter_map(move |line| {
        index += 1;
        ready(Ok((index > from).then_some(line)))
    })
}

/// Returns `true` if the service may have refused the page token. The service has several error codes for this case.
fn may_be_about_the_token(error: &Error) -> bool {
    let is_about_another_matter =
        error.is_throttled() || error.is_access_denied() || error.is_not_found();
    error.status() == Some(400) && !is_about_another_matter
}
