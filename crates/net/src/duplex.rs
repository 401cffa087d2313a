//! A connection that is read and written at the same time.

use std::pin::pin;
use std::time::Duration;

use tokio::time::timeout;

/// Serves both directions of a connection until it ends; returns why.
///
/// `reading` ends with a reason, or with nothing when nobody listens any more: what was to be sent is sent
/// nevertheless, for a while. `writing` ends when there is nothing more to send, or with what went wrong.
pub(crate) async fn both(
    reading: impl Future<Output = Option<String>>,
    writing: impl Future<Output = Result<(), String>>,
) -> String {
    let (mut reading, mut writing) = (pin!(reading), pin!(writing));
    tokio::select! {
        ended = &mut reading => match ended {
            Some(reason) => reason,
            None => match timeout(FAREWELL, writing).await {
                Ok(Err(reason)) => reason,
                Ok(Ok(())) | Err(_) => CLOSED_HERE.to_owned(),
            },
        },
        written = &mut writing => match written {
            Ok(()) => CLOSED_HERE.to_owned(),
            // The last word is often behind a connection that broke.
            Err(reason) => timeout(LAST_WORDS, reading).await.ok().flatten().unwrap_or(reason),
        },
    }
}

/// What is left to send when a connection is closed has this long to leave.
pub(crate) const FAREWELL: Duration = Duration::from_secs(5);
const LAST_WORDS: Duration = Duration::from_millis(500);
const CLOSED_HERE: &str = "this side closed the connection";

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::time::Duration;

    use tokio::time::sleep;

    use super::{CLOSED_HERE, both};

    fn text(reason: &str) -> String {
        reason.to_owned()
    }

    #[tokio::test]
    async fn whoever_ends_first_says_why() {
        assert_eq!(both(ready(Some(text("lost"))), pending()).await, "lost");
        assert_eq!(both(pending(), ready(Ok(()))).await, CLOSED_HERE);
    }

    #[tokio::test]
    async fn what_was_to_be_sent_is_sent_though_nobody_listens() {
        let mut sent = false;
        let writing = async {
            sleep(Duration::from_millis(50)).await;
            sent = true;
            Ok(())
        };
        assert_eq!(both(ready(None), writing).await, CLOSED_HERE);
        assert!(sent);
    }

    #[tokio::test]
    async fn the_last_word_of_the_other_end_says_more_than_a_connection_that_broke() {
        let broken = || ready(Err(text("broken")));
        let last = async {
            sleep(Duration::from_millis(50)).await;
            Some(text("the room was closed"))
        };
        assert_eq!(both(last, broken()).await, "the room was closed");
        assert_eq!(both(pending(), broken()).await, "broken");
    }
}
