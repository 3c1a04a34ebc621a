//! HTTP/2 libraries send a request again if the peer says that the request was not processed. This crate does not
//! trust the peer: the request may have run.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use amazon_chime::{Client, Error};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::builder;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const END_STREAM: u8 = 1;
const ACK: u8 = 1;

/// The way in which the peer refuses a request after it has read the whole request.
#[derive(Clone, Copy)]
enum Refusal {
    RefusedStream,
    /// `GOAWAY` with 0 as the last processed stream.
    GoAway,
}

async fn refusing(refusal: Refusal) -> (Client, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(refuse(stream, refusal, Arc::clone(&counter)));
        }
    });
    let http = reqwest::Client::builder().http2_prior_knowledge();
    (builder(&url).http_client_builder(http).build().unwrap(), requests)
}

async fn refuse(
    mut stream: TcpStream,
    refusal: Refusal,
    requests: Arc<AtomicUsize>,
) -> std::io::Result<()> {
    stream.read_exact(&mut [0; "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len()]).await?;
    send(&mut stream, SETTINGS, 0, 0, &[]).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let [a, b, c, kind, flags, id @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        stream.read_exact(&mut payload).await?;
        match kind {
            SETTINGS if flags & ACK == 0 => send(&mut stream, SETTINGS, ACK, 0, &[]).await?,
            HEADERS | DATA if flags & END_STREAM != 0 => {
                requests.fetch_add(1, Ordering::SeqCst);
                match refusal {
                    Refusal::RefusedStream => {
                        let refused_stream = 7_u32.to_be_bytes();
                        send(&mut stream, RST_STREAM, 0, u32::from_be_bytes(id), &refused_stream)
                            .await?;
                    }
                    Refusal::GoAway => {
                        send(&mut stream, GOAWAY, 0, 0, &[0; 8]).await?;
                        return stream.shutdown().await;
                    }
                }
            }
            _ => {}
        }
    }
}

async fn send(
    stream: &mut TcpStream,
    kind: u8,
    flags: u8,
    id: u32,
    payload: &[u8],
) -> std::io::Result<()> {
    let [_, a, b, c] = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![a, b, c, kind, flags];
    frame.extend(id.to_be_bytes());
    frame.extend(payload);
    stream.write_all(&frame).await
}

#[tokio::test]
async fn a_create_that_the_peer_refused_after_reading_it_is_not_sent_again() {
    for refusal in [Refusal::RefusedStream, Refusal::GoAway] {
        let (client, requests) = refusing(refusal).await;
        let error: Error = client.create_account("Acme").await.unwrap_err();
        assert!(error.may_have_applied(), "{error}");
        assert_eq!(requests.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn only_this_crate_repeats_a_read_that_the_peer_refused() {
    for refusal in [Refusal::RefusedStream, Refusal::GoAway] {
        let (client, requests) = refusing(refusal).await;
        let error = client.get_account("acc").await.unwrap_err();
        assert_eq!(error.attempts(), 3, "{error}");
        assert_eq!(requests.load(Ordering::SeqCst), 3);
    }
}
