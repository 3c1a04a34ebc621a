//! Phone numbers, settings of the AWS account, and meetings.

use amazon_chime::chrono::{TimeDelta, Utc};
use amazon_chime::operations::SearchAvailablePhoneNumbers;
use amazon_chime::{
    AccountId, CallingNameStatus, Client, Error, ErrorCode, OrderedPhoneNumberStatus, PhoneNumber,
    PhoneNumberAssociationName, PhoneNumberId, PhoneNumberOrder, PhoneNumberOrderStatus,
    PhoneNumberProductType, PhoneNumberStatus, PhoneNumberType, Request, Sensitive,
    UpdatePhoneNumberRequestItem, UserId,
};
use futures_util::TryStreamExt;

use super::start;

const WEEK: TimeDelta = TimeDelta::days(7);

/// Adds these numbers to the inventory.
async fn acquire(
    client: &Client,
    product_type: PhoneNumberProductType,
    numbers: &[&str],
) -> Vec<PhoneNumberId> {
    let numbers = numbers.iter().copied();
    let order = client.create_phone_number_order(product_type, numbers.clone()).await.unwrap();
    let order = client.get_phone_number_order(&order.phone_number_order_id).await.unwrap();
    assert_eq!(order.status, Some(PhoneNumberOrderStatus::Successful));
    numbers.map(PhoneNumberId::from).collect()
}

async fn acme_and_ana(client: &Client) -> (AccountId, UserId) {
    let acme = client.create_account("Acme").await.unwrap().account_id;
    let ana = client.create_user(&acme).email("ana@example.com").await.unwrap().user_id;
    (acme, ana)
}

async fn number_of(client: &Client, account: &AccountId, user: &UserId) -> Option<String> {
    let user = client.get_user(account, user).await.unwrap();
    user.primary_provisioned_number.map(Sensitive::into_inner)
}

async fn inventory(client: &Client) -> Vec<PhoneNumber> {
    client.list_phone_numbers().max_results(1).items().try_collect().await.unwrap()
}

fn statuses(order: &PhoneNumberOrder) -> Vec<(&str, OrderedPhoneNumberStatus)> {
    let numbers = order.ordered_phone_numbers.iter();
    let statuses = numbers.map(|number| {
        (number.e164_phone_number.as_ref().unwrap().expose(), number.status.clone().unwrap())
    });
    statuses.collect()
}

async fn search(request: Request<SearchAvailablePhoneNumbers>) -> Vec<String> {
    request.items().map_ok(Sensitive::into_inner).try_collect().await.unwrap()
}

fn assert_bad_request(error: &Error) {
    assert!(error.is_bad_request() && !error.may_have_applied(), "{error}");
    assert_eq!((error.status(), error.code()), (Some(400), Some("BadRequestException")));
}

#[tokio::test]
async fn a_number_is_found_ordered_associated_disassociated_renamed_deleted_and_restored() {
    let (_chime, client) = start();
    let (acme, ana) = acme_and_ana(&client).await;
    let found = client.search_available_phone_numbers().area_code("206").max_results(1);
    let found = found.await.unwrap().items;
    let order = client.create_phone_number_order(PhoneNumberProductType::BusinessCalling, &found);
    let order = order.await.unwrap();
    assert_eq!(order.status, Some(PhoneNumberOrderStatus::Processing));
    assert_eq!(statuses(&order), [("+12065550100", OrderedPhoneNumberStatus::Processing)]);

    let [number]: [PhoneNumber; 1] = inventory(&client).await.try_into().unwrap();
    let id = &number.phone_number_id;
    assert_eq!((id.as_str(), number.e164_phone_number.as_ref()), ("%2B12065550100", found.first()));
    assert_eq!(number.country.as_deref(), Some("US"));
    assert_eq!(number.phone_number_type, Some(PhoneNumberType::Local));
    assert_eq!(number.product_type, Some(PhoneNumberProductType::BusinessCalling));
    assert_eq!(number.status, Some(PhoneNumberStatus::Unassigned));
    assert_eq!(number.calling_name_status, Some(CallingNameStatus::Unassigned));
    assert_eq!((number.calling_name.as_ref(), number.deletion_timestamp), (None, None));
    assert!(number.capabilities.is_some() && number.associations.is_empty());
    assert_eq!(client.get_phone_number(id).await.unwrap(), number);
    assert_eq!(client.get_phone_number("+12065550100").await.unwrap(), number);

    client.associate_phone_number_with_user(&acme, &ana, &found[0]).await.unwrap();
    assert_eq!(number_of(&client, &acme, &ana).await.as_deref(), Some("+12065550100"));
    let assigned = client.get_phone_number(id).await.unwrap();
    assert_eq!(assigned.status, Some(PhoneNumberStatus::Assigned));
    let associations = assigned.associations.iter();
    let mut associations: Vec<_> =
        associations.map(|it| (it.name.clone().unwrap(), it.value.as_deref().unwrap())).collect();
    associations.sort_by_key(|(name, _)| name.as_str().to_owned());
    let (account, user) =
        (PhoneNumberAssociationName::AccountId, PhoneNumberAssociationName::UserId);
    assert_eq!(associations, [(account, acme.as_str()), (user, ana.as_str())]);
    assert!(assigned.associations.iter().all(|it| it.associated_timestamp.is_some()));
    assert_bad_request(&client.delete_phone_number(id).await.unwrap_err());

    client.disassociate_phone_number_from_user(&acme, &ana).await.unwrap();
    assert_eq!(number_of(&client, &acme, &ana).await, None);
    let renamed = client.update_phone_number(id).calling_name("Acme").await.unwrap();
    assert_eq!(renamed.status, Some(PhoneNumberStatus::Unassigned));
    assert_eq!(renamed.calling_name_status, Some(CallingNameStatus::UpdateInProgress));
    let renamed = client.get_phone_number(id).await.unwrap();
    assert_eq!(renamed.calling_name_status, Some(CallingNameStatus::UpdateSucceeded));
    assert_eq!(renamed.calling_name, Some("Acme".into()));

    client.delete_phone_number(id).await.unwrap();
    let deleted = client.get_phone_number(id).await.unwrap();
    assert_eq!(deleted.status, Some(PhoneNumberStatus::ReleaseInProgress));
    assert_eq!(inventory(&client).await, [deleted]);
    let restored = client.restore_phone_number(id).await.unwrap();
    assert_eq!(restored.status, Some(PhoneNumberStatus::Unassigned));
    assert_eq!(restored.deletion_timestamp, None);
    assert_eq!(restored.calling_name, Some("Acme".into()));
    assert_eq!(client.get_phone_number(id).await.unwrap(), restored);
}

#[tokio::test]
async fn a_deleted_number_stays_for_7_days_and_can_be_ordered_again_afterwards() {
    let (chime, client) = start();
    let numbers = ["+12065550100", "+12065550101"];
    let ids = acquire(&client, PhoneNumberProductType::BusinessCalling, &numbers).await;
    client.delete_phone_number(&ids[0]).await.unwrap();
    let deletion = client.get_phone_number(&ids[0]).await.unwrap().deletion_timestamp.unwrap();
    let ahead = deletion - Utc::now();
    assert!(ahead <= WEEK && ahead > WEEK - TimeDelta::minutes(1), "{ahead}");
    let in_seattle = || search(client.search_available_phone_numbers().area_code("206"));
    assert!(!in_seattle().await.contains(&numbers[0].to_owned()), "it is still had");

    chime.advance(TimeDelta::days(6));
    client.delete_phone_number(&ids[0]).await.unwrap();
    let again = client.get_phone_number(&ids[0]).await.unwrap();
    assert_eq!(again.deletion_timestamp, Some(deletion), "deleting it again changes nothing");

    chime.advance(TimeDelta::days(1));
    for error in [
        client.get_phone_number(&ids[0]).await.unwrap_err(),
        client.restore_phone_number(&ids[0]).await.unwrap_err(),
        client.delete_phone_number(&ids[0]).await.unwrap_err(),
        client.update_phone_number(&ids[0]).calling_name("Acme").await.unwrap_err(),
    ] {
        assert!(error.is_not_found(), "{error}");
    }
    let left: Vec<_> = inventory(&client).await.into_iter().map(|it| it.phone_number_id).collect();
    assert_eq!(left, ids[1..]);
    assert_eq!(in_seattle().await[0], numbers[0]);
    acquire(&client, PhoneNumberProductType::VoiceConnector, &numbers[..1]).await;
    let number = client.get_phone_number(&ids[0]).await.unwrap();
    assert_eq!(number.product_type, Some(PhoneNumberProductType::VoiceConnector));
    assert_eq!(number.deletion_timestamp, None);
}

#[tokio::test]
async fn an_order_gets_only_available_numbers() {
    let (_chime, client) = start();
    let product_type = PhoneNumberProductType::VoiceConnector;
    let order = async |numbers: &[&str]| {
        let order = client.create_phone_number_order(product_type.clone(), numbers.iter().copied());
        let order = order.await.unwrap();
        assert_eq!(order.status, Some(PhoneNumberOrderStatus::Processing));
        client.get_phone_number_order(&order.phone_number_order_id).await.unwrap()
    };
    let (acquired, failed) = (OrderedPhoneNumberStatus::Acquired, OrderedPhoneNumberStatus::Failed);

    let successful = order(&["+12065550100", "18005550100"]).await;
    assert_eq!(successful.status, Some(PhoneNumberOrderStatus::Successful));
    let expected = [("+12065550100", acquired.clone()), ("+18005550100", acquired.clone())];
    assert_eq!(statuses(&successful), expected);

    let partial = order(&["+12065550100", "+12065550102", "+12065550200", "+12065550102"]).await;
    assert_eq!(partial.status, Some(PhoneNumberOrderStatus::Partial));
    let expected = [
        ("+12065550100", failed.clone()),
        ("+12065550102", acquired),
        ("+12065550200", failed.clone()),
        ("+12065550102", failed.clone()),
    ];
    assert_eq!(statuses(&partial), expected);

    let refused = order(&["+12065550100"]).await;
    assert_eq!(refused.status, Some(PhoneNumberOrderStatus::Failed));
    assert_eq!(statuses(&refused), [("+12065550100", failed)]);

    let numbers = inventory(&client).await;
    let numbers: Vec<_> = numbers.iter().map(|it| it.phone_number_id.as_str()).collect();
    assert_eq!(numbers, ["%2B12065550100", "%2B18005550100", "%2B12065550102"]);
    let orders = client.list_phone_number_orders().max_results(1).items();
    let orders: Vec<PhoneNumberOrder> = orders.try_collect().await.unwrap();
    assert_eq!(orders, [successful, partial, refused]);

    let unknown = "12a3456b-7c89-412d-8456-78901e23fa45";
    assert!(client.get_phone_number_order(unknown).await.unwrap_err().is_not_found());
    let nothing = client.create_phone_number_order(product_type, [""; 0]).await.unwrap_err();
    assert_bad_request(&nothing);
}

#[tokio::test]
async fn a_number_has_only_product_types_that_fit_its_country_and_type() {
    let (_chime, client) = start();
    for (product_type, number) in [
        (PhoneNumberProductType::BusinessCalling, "+18005550100"),
        (PhoneNumberProductType::BusinessCalling, "+442079460000"),
        (PhoneNumberProductType::VoiceConnector, "+442079460000"),
        (PhoneNumberProductType::VoiceConnector, "+33199000000"),
    ] {
        let numbers = ["+12065550100", number];
        let error = client.create_phone_number_order(product_type, numbers).await.unwrap_err();
        assert_bad_request(&error);
        assert!(!error.to_string().contains(&number[1..]), "{error}");
    }
    assert_eq!(inventory(&client).await, []);
    assert_eq!(client.list_phone_number_orders().await.unwrap().items, []);

    let sip = PhoneNumberProductType::SipMediaApplicationDialIn;
    let ids = acquire(&client, sip.clone(), &["+448081570099", "+18005550100"]).await;
    let number = client.get_phone_number(&ids[0]).await.unwrap();
    assert_eq!(number.country.as_deref(), Some("GB"));
    assert_eq!(number.phone_number_type, Some(PhoneNumberType::TollFree));
    let toll_free = client.update_phone_number(&ids[1]);
    let moved = toll_free.clone().product_type(PhoneNumberProductType::VoiceConnector);
    let moved = moved.await.unwrap();
    assert_eq!(moved.product_type, Some(PhoneNumberProductType::VoiceConnector));
    let to_users = toll_free.product_type(PhoneNumberProductType::BusinessCalling);
    assert_bad_request(&to_users.await.unwrap_err());
    let abroad = client.update_phone_number(&ids[0]);
    assert_bad_request(
        &abroad.product_type(PhoneNumberProductType::VoiceConnector).await.unwrap_err(),
    );
    assert_eq!(client.get_phone_number(&ids[0]).await.unwrap(), number);
}

#[tokio::test]
async fn a_user_gets_one_unassigned_number_for_business_calling() {
    let (_chime, client) = start();
    let (acme, ana) = acme_and_ana(&client).await;
    let ben = client.create_user(&acme).email("ben@example.com").await.unwrap().user_id;
    let calling = PhoneNumberProductType::BusinessCalling;
    let ids = acquire(&client, calling, &["+12065550100", "+12065550101", "+12065550102"]).await;
    acquire(&client, PhoneNumberProductType::VoiceConnector, &["+12065550103"]).await;
    client.delete_phone_number(&ids[2]).await.unwrap();
    let associate =
        |user: &UserId, number: &str| client.associate_phone_number_with_user(&acme, user, number);

    associate(&ana, "12065550100").await.unwrap();
    let assigned = client.get_phone_number(&ids[0]).await.unwrap();
    associate(&ana, "+12065550100").await.unwrap();
    assert_eq!(client.get_phone_number(&ids[0]).await.unwrap(), assigned, "as it was");

    for (user, number) in [
        (&ana, "+12065550101"),
        (&ben, "+12065550100"),
        (&ben, "+12065550102"),
        (&ben, "+12065550103"),
    ] {
        assert_bad_request(&associate(user, number).await.unwrap_err());
    }
    assert!(associate(&ben, "+12065550104").await.unwrap_err().is_not_found());
    assert!(associate(&"nobody".into(), "+12065550101").await.unwrap_err().is_not_found());
    let nowhere = client.associate_phone_number_with_user("nowhere", &ben, "+12065550101");
    assert!(nowhere.await.unwrap_err().is_not_found());
    assert_eq!(number_of(&client, &acme, &ben).await, None);

    let retyped = client.update_phone_number(&ids[0]);
    let retyped = retyped.product_type(PhoneNumberProductType::VoiceConnector);
    assert_bad_request(&retyped.await.unwrap_err());

    for _ in 0..2 {
        client.disassociate_phone_number_from_user(&acme, &ana).await.unwrap();
        assert_eq!(number_of(&client, &acme, &ana).await, None);
    }
    associate(&ben, "+12065550100").await.unwrap();
    assert_eq!(number_of(&client, &acme, &ben).await.as_deref(), Some("+12065550100"));
    let nobody = client.disassociate_phone_number_from_user(&acme, "nobody").await.unwrap_err();
    assert!(nobody.is_not_found(), "{nobody}");
}

#[tokio::test]
async fn the_numbers_of_a_deleted_account_are_unassigned() {
    let (_chime, client) = start();
    let (acme, ana) = acme_and_ana(&client).await;
    let birch = client.create_account("Birch").await.unwrap().account_id;
    let ben = client.create_user(&birch).email("ben@example.com").await.unwrap().user_id;
    let calling = PhoneNumberProductType::BusinessCalling;
    let ids = acquire(&client, calling, &["+12065550100", "+12065550101"]).await;
    client.associate_phone_number_with_user(&acme, &ana, ids[0].as_str()).await.unwrap();
    client.associate_phone_number_with_user(&birch, &ben, ids[1].as_str()).await.unwrap();

    assert!(client.delete_account(&acme).await.unwrap_err().is_unprocessable());
    let kept = client.get_phone_number(&ids[0]).await.unwrap();
    assert_eq!(kept.status, Some(PhoneNumberStatus::Assigned));

    client.batch_suspend_user(&acme, [&ana]).await.unwrap();
    client.delete_account(&acme).await.unwrap();
    let freed = client.get_phone_number(&ids[0]).await.unwrap();
    assert_eq!(freed.status, Some(PhoneNumberStatus::Unassigned));
    assert_eq!(freed.associations, []);
    let other = client.get_phone_number(&ids[1]).await.unwrap();
    assert_eq!(other.status, Some(PhoneNumberStatus::Assigned));
}

#[tokio::test]
async fn an_update_changes_only_the_value_that_is_set() {
    let (_chime, client) = start();
    let calling = PhoneNumberProductType::BusinessCalling;
    let ids = acquire(&client, calling, &["+12065550100"]).await;
    let before = client.get_phone_number(&ids[0]).await.unwrap();
    assert_eq!(client.update_phone_number(&ids[0]).await.unwrap(), before, "nothing is set");

    let empty = client.update_phone_number(&ids[0]).calling_name("").await.unwrap();
    assert_eq!(empty.calling_name, Some("".into()), "not the same as not set");
    let number = client.get_phone_number(&ids[0]).await.unwrap();
    let mut expected = before;
    expected.calling_name = Some("".into());
    expected.calling_name_status = Some(CallingNameStatus::UpdateSucceeded);
    expected.updated_timestamp = number.updated_timestamp;
    assert_eq!(number, expected);

    assert!(client.update_phone_number("+12065550199").await.unwrap_err().is_not_found());
    assert!(client.update_phone_number("nonsense").await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn batches_name_the_numbers_that_they_did_not_change() {
    let (_chime, client) = start();
    let (acme, ana) = acme_and_ana(&client).await;
    let calling = PhoneNumberProductType::BusinessCalling;
    let ids = acquire(&client, calling.clone(), &["+12065550100", "+12065550101"]).await;
    acquire(&client, PhoneNumberProductType::VoiceConnector, &["+18005550100"]).await;
    client.associate_phone_number_with_user(&acme, &ana, ids[0].as_str()).await.unwrap();

    let errors = client
        .batch_update_phone_number([
            UpdatePhoneNumberRequestItem::new(&ids[0]).calling_name("Acme"),
            UpdatePhoneNumberRequestItem::new("+12065550199").calling_name("Acme"),
            UpdatePhoneNumberRequestItem::new("+18005550100").product_type(calling),
            UpdatePhoneNumberRequestItem::new(&ids[1])
                .product_type(PhoneNumberProductType::VoiceConnector),
        ])
        .await
        .unwrap();
    let failed: Vec<_> = errors
        .iter()
        .map(|error| (error.phone_number_id.as_deref().unwrap(), error.error_code.clone().unwrap()))
        .collect();
    let expected =
        [("%2B12065550199", ErrorCode::NotFound), ("%2B18005550100", ErrorCode::BadRequest)];
    assert_eq!(failed, expected);
    assert!(errors.iter().all(|error| error.error_message.is_some()));
    let renamed = client.get_phone_number(&ids[0]).await.unwrap();
    assert_eq!(renamed.calling_name, Some("Acme".into()));
    let moved = client.get_phone_number(&ids[1]).await.unwrap();
    assert_eq!(moved.product_type, Some(PhoneNumberProductType::VoiceConnector));
    assert_eq!(client.batch_update_phone_number([]).await.unwrap(), []);

    let all = ["+12065550100", "+12065550101", "+12065550101", "+12065550199"];
    let errors = client.batch_delete_phone_number(all).await.unwrap();
    let failed: Vec<_> = errors
        .iter()
        .map(|error| (error.phone_number_id.clone().unwrap(), error.error_code.clone().unwrap()))
        .collect();
    let expected = [
        (PhoneNumberId::from("+12065550100"), ErrorCode::BadRequest),
        (PhoneNumberId::from("+12065550199"), ErrorCode::NotFound),
    ];
    assert_eq!(failed, expected);
    let deleted = client.get_phone_number(&ids[1]).await.unwrap();
    assert_eq!(deleted.status, Some(PhoneNumberStatus::ReleaseInProgress));
}

#[tokio::test]
async fn numbers_are_listed_with_filters() {
    let (_chime, client) = start();
    let (acme, ana) = acme_and_ana(&client).await;
    let calling = PhoneNumberProductType::BusinessCalling;
    acquire(&client, calling.clone(), &["+12065550100", "+12065550101"]).await;
    acquire(&client, PhoneNumberProductType::VoiceConnector, &["+12065550102"]).await;
    client.associate_phone_number_with_user(&acme, &ana, "+12065550101").await.unwrap();
    let listed = async |request: Request<amazon_chime::operations::ListPhoneNumbers>| {
        let numbers: Vec<PhoneNumber> = request.max_results(1).items().try_collect().await.unwrap();
        let numbers = numbers.into_iter().map(|number| number.e164_phone_number.unwrap());
        numbers.map(Sensitive::into_inner).collect::<Vec<_>>()
    };
    let all = client.list_phone_numbers();
    assert_eq!(listed(all.clone()).await, ["+12065550100", "+12065550101", "+12065550102"]);
    let unassigned = all.clone().status(PhoneNumberStatus::Unassigned);
    assert_eq!(listed(unassigned.clone()).await, ["+12065550100", "+12065550102"]);
    assert_eq!(listed(unassigned.product_type(calling)).await, ["+12065550100"]);
    for (name, value) in [
        (PhoneNumberAssociationName::UserId, ana.as_str()),
        (PhoneNumberAssociationName::AccountId, acme.as_str()),
    ] {
        assert_eq!(listed(all.clone().filter(name, value)).await, ["+12065550101"]);
    }
    let crossed = all.clone().filter(PhoneNumberAssociationName::UserId, acme.as_str());
    assert_eq!(listed(crossed).await, [""; 0]);

    let first = all.clone().max_results(1).await.unwrap();
    let other = all.status(PhoneNumberStatus::Unassigned).next_token(first.next_token.unwrap());
    assert_bad_request(&other.await.unwrap_err());
}

#[tokio::test]
async fn a_search_returns_pages_of_the_available_numbers_in_order() {
    let (_chime, client) = start();
    let all = search(client.search_available_phone_numbers().state("CA")).await;
    assert!(all.len() > 500 && all.is_sorted());
    let most = client.search_available_phone_numbers().state("CA").max_results(500);
    let most = most.await.unwrap();
    assert_eq!((most.items.len(), most.next_token.is_some()), (500, true));
    let by_three = client.search_available_phone_numbers().state("CA").max_results(3);
    assert_eq!(search(by_three.clone()).await, all);

    let first = by_three.clone().await.unwrap();
    let taken = [all[0].as_str(), all[3].as_str()];
    acquire(&client, PhoneNumberProductType::VoiceConnector, &taken).await;
    let rest = search(by_three.next_token(first.next_token.unwrap())).await;
    assert_eq!(rest, all[4..]);

    let search_all = || client.search_available_phone_numbers();
    for (request, prefix, count) in [
        (search_all().area_code("206"), "+1206555010", 100),
        (search_all().city("Seattle").state("WA"), "+1206555010", 100),
        (search_all().toll_free_prefix("888"), "+1888555010", 100),
        (search_all().country("US").area_code("212"), "+1212555010", 100),
    ] {
        let numbers = search(request).await;
        assert!(numbers[0].starts_with(prefix), "{prefix}");
        assert_eq!(numbers.len(), count);
    }
    for country in ["AU", "DE", "GB"] {
        let local = search_all().country(country).phone_number_type(PhoneNumberType::Local);
        assert!(!search(local).await.is_empty(), "{country}");
    }
    let nowhere = search_all().country("FR").phone_number_type(PhoneNumberType::Local);
    assert!(search(nowhere).await.is_empty());
    assert!(search(search_all().area_code("999")).await.is_empty());

    for refused in [
        search_all(),
        search_all().phone_number_type(PhoneNumberType::Local),
        search_all().city("Seattle"),
        search_all().country("GB"),
        search_all().country("GB").phone_number_type(PhoneNumberType::Local).state("WA"),
    ] {
        assert_bad_request(&refused.await.unwrap_err());
    }
}

#[tokio::test]
async fn countries_have_numbers_for_the_product_type() {
    let (_chime, client) = start();
    let countries = async |product_type: PhoneNumberProductType| {
        let countries = client.list_supported_phone_number_countries(product_type).await.unwrap();
        let countries = countries.into_iter();
        countries
            .map(|it| (it.country_code.unwrap(), it.supported_phone_number_types))
            .collect::<Vec<_>>()
    };
    let us = |types: &[PhoneNumberType]| ("US".to_owned(), types.to_vec());
    let (local, toll_free) = (PhoneNumberType::Local, PhoneNumberType::TollFree);
    let both = [local.clone(), toll_free];
    let calling = countries(PhoneNumberProductType::BusinessCalling).await;
    assert_eq!(calling, [us(&both[..1])]);
    assert_eq!(countries(PhoneNumberProductType::VoiceConnector).await, [us(&both)]);
    let expected = [
        us(&both),
        ("AU".to_owned(), vec![local.clone()]),
        ("DE".to_owned(), vec![local]),
        ("GB".to_owned(), both.to_vec()),
    ];
    assert_eq!(countries(PhoneNumberProductType::SipMediaApplicationDialIn).await, expected);
    let error = client.list_supported_phone_number_countries("Fax").await.unwrap_err();
    assert_bad_request(&error);
}

#[tokio::test]
async fn the_default_calling_name_changes_at_most_once_in_7_days() {
    let (chime, client) = start();
    let settings = client.get_phone_number_settings().await.unwrap();
    assert_eq!((settings.calling_name, settings.calling_name_updated_timestamp), (None, None));

    client.update_phone_number_settings("Acme").await.unwrap();
    let first = client.get_phone_number_settings().await.unwrap();
    assert_eq!(first.calling_name, Some("Acme".into()));
    assert!(first.calling_name_updated_timestamp.is_some());

    chime.advance(WEEK - TimeDelta::hours(1));
    assert_bad_request(&client.update_phone_number_settings("Acorn").await.unwrap_err());
    client.update_phone_number_settings("Acme").await.unwrap();
    assert_eq!(client.get_phone_number_settings().await.unwrap(), first);

    chime.advance(TimeDelta::hours(1));
    client.update_phone_number_settings("").await.unwrap();
    let second = client.get_phone_number_settings().await.unwrap();
    assert_eq!(second.calling_name, Some("".into()));
    let between = |settings: amazon_chime::PhoneNumberSettings| {
        settings.calling_name_updated_timestamp.unwrap()
    };
    assert!(between(second) - between(first) >= WEEK);
}

#[tokio::test]
async fn global_settings_change_part_by_part() {
    let (_chime, client) = start();
    let absent = client.get_global_settings().await.unwrap();
    assert_eq!((&absent.business_calling, &absent.voice_connector), (&None, &None));
    client.update_global_settings().await.unwrap();
    assert_eq!(client.get_global_settings().await.unwrap(), absent, "nothing is set");

    client.update_global_settings().business_calling_cdr_bucket("calls").await.unwrap();
    client.update_global_settings().voice_connector_cdr_bucket("voice").await.unwrap();
    let settings = client.get_global_settings().await.unwrap();
    let bucket = settings.business_calling.and_then(|settings| settings.cdr_bucket);
    assert_eq!(bucket.as_deref(), Some("calls"));
    let bucket = settings.voice_connector.and_then(|settings| settings.cdr_bucket);
    assert_eq!(bucket.as_deref(), Some("voice"));
}

#[tokio::test]
async fn a_meeting_calls_from_a_number_of_the_inventory() {
    let (chime, client) = start();
    let calling = PhoneNumberProductType::BusinessCalling;
    let ids = acquire(&client, calling, &["+12065550100"]).await;
    let meeting = "12a3456b-7c89-412d-8456-78901e23fa45";
    let call = |from: &str| client.create_meeting_dial_out(meeting, from, "+12065550199", "aToken");
    let (one, other) = (call("+12065550100").await.unwrap(), call("12065550100").await.unwrap());
    assert_ne!(one, other);
    assert_eq!(one.len(), 36);

    let error = call("+12065550101").await.unwrap_err();
    assert!(error.is_access_denied() && !error.may_have_applied(), "{error}");
    assert_eq!((error.status(), error.code()), (Some(403), Some("ForbiddenException")));
    client.delete_phone_number(&ids[0]).await.unwrap();
    call("+12065550100").await.unwrap();
    chime.advance(WEEK);
    assert!(call("+12065550100").await.unwrap_err().is_access_denied());
}

#[tokio::test]
async fn numbers_orders_and_settings_are_served_as_in_the_seed() {
    let (chime, client) = start();
    let soon = (Utc::now() + TimeDelta::days(1)).to_rfc3339();
    let seed = format!(
        r#"{{"PhoneNumber": {{"PhoneNumberId": "+12065550100", "Status": "ReleaseInProgress", "DeletionTimestamp": "{soon}"}}}}
{{"PhoneNumber": {{"PhoneNumberId": "%2B442079460000", "Status": "AcquireFailed"}}}}
{{"PhoneNumberOrder": {{"Status": "Partial", "ProductType": "VoiceConnector"}}}}
{{"PhoneNumberSettings": {{"CallingName": "Acme", "CallingNameUpdatedTimestamp": "2019-10-28T18:56:42.911Z"}}}}
{{"GlobalSettings": {{"VoiceConnector": {{"CdrBucket": "voice"}}}}}}"#
    );
    chime.seed(seed.as_bytes()).unwrap();

    let numbers = inventory(&client).await;
    let ids: Vec<_> = numbers.iter().map(|number| number.phone_number_id.as_str()).collect();
    assert_eq!(ids, ["+12065550100", "%2B442079460000"]);
    assert_eq!(numbers[0].deletion_timestamp.map(|time| time.to_rfc3339()), Some(soon));
    assert_eq!(client.get_phone_number("%2B12065550100").await.unwrap(), numbers[0]);
    let orders = client.list_phone_number_orders().await.unwrap().items;
    assert_eq!(orders[0].status, Some(PhoneNumberOrderStatus::Partial));
    let order = client.get_phone_number_order(&orders[0].phone_number_order_id).await.unwrap();
    assert_eq!(order, orders[0]);
    let settings = client.get_phone_number_settings().await.unwrap();
    assert_eq!(settings.calling_name, Some("Acme".into()));
    client.update_phone_number_settings("Acorn").await.unwrap();
    let settings = client.get_global_settings().await.unwrap();
    assert_eq!(settings.voice_connector.unwrap().cdr_bucket.as_deref(), Some("voice"));

    chime.advance(TimeDelta::days(1));
    assert_eq!(inventory(&client).await, numbers[1..]);
}
