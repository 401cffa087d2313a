//! What a party's application saw.

use cryptab_session::{DealerState, Error, Event};

use super::Party;

impl Party {
    pub(crate) fn is_ready(&self) -> bool {
        self.node.engine().is_some()
    }

    pub(crate) fn times_ready(&self) -> usize {
        self.events.iter().filter(|event| matches!(event, Event::Ready)).count()
    }

    pub(crate) fn failures(&self) -> Vec<&Error> {
        fn failure(event: &Event) -> Option<&Error> {
            match event {
                Event::Failed(error) => Some(error),
                _ => None,
            }
        }
        self.events.iter().filter_map(failure).collect()
    }

    pub(crate) fn last_failure(&self) -> String {
        self.failures().last().map(ToString::to_string).unwrap_or_default()
    }

    pub(crate) fn closed(&self) -> Option<&Error> {
        self.events.iter().find_map(|event| match event {
            Event::Closed(error) => Some(error),
            _ => None,
        })
    }

    pub(crate) fn dealer(&self) -> DealerState {
        self.node.lobby().dealer
    }

    pub(crate) fn sealed_with(&self) -> usize {
        self.node.lobby().members.iter().filter(|member| member.sealed && !member.you).count()
    }
}
