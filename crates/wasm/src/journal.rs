//! A session's journal, which the Worker keeps in the browser's storage.

use js_sys::{Function, Uint8Array};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::{Closure, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// Where the journal is kept. What was saved survives the tab.
    #[derive(Debug)]
    pub type Store;

    /// What is in it, in order.
    #[wasm_bindgen(method, getter)]
    fn entries(this: &Store) -> Vec<Uint8Array>;

    /// Names what to call with whatever it has to say.
    #[wasm_bindgen(method)]
    fn listen(this: &Store, hear: &Function);

    /// Saves an entry, after all before it.
    #[wasm_bindgen(method)]
    fn save(this: &Store, number: f64, entry: Uint8Array);

    /// Forgets all entries so far, and says when that is done.
    #[wasm_bindgen(method)]
    fn forget(this: &Store);

    /// Something that it says: one of the following.
    #[derive(Debug)]
    pub type Said;

    /// The number of the last entry that is saved.
    #[wasm_bindgen(method, getter)]
    fn saved(this: &Said) -> Option<f64>;

    /// Whether all that was to be forgotten is.
    #[wasm_bindgen(method, getter)]
    fn forgotten(this: &Said) -> Option<bool>;

    /// Why nothing can be saved any more.
    #[wasm_bindgen(method, getter)]
    fn lost(this: &Said) -> Option<String>;
}

/// What a journal has to tell.
pub(crate) enum News {
    /// All entries up to the one with this number are saved.
    Saved(u64),
    /// All that was to be forgotten is.
    Forgotten,
    /// Entries cannot be saved any more, and why.
    Lost(String),
}

/// The journal of the session under way.
pub(crate) struct Journal {
    store: Store,
    _hear: Closure<dyn FnMut(Said)>,
}

impl Journal {
    /// What a party joins with, before its journal is listened to.
    pub(crate) fn found(store: Option<&Store>) -> cryptab_session::Journal {
        let Some(store) = store else { return cryptab_session::Journal::Off };
        let entries: Vec<_> = store.entries().iter().map(Uint8Array::to_vec).collect();
        if entries.is_empty() {
            cryptab_session::Journal::Fresh
        } else {
            cryptab_session::Journal::Resume(entries)
        }
    }

    pub(crate) fn new(store: Store, tell: impl Fn(News) + 'static) -> Self {
        let hear = Closure::<dyn FnMut(_)>::new(move |said: Said| {
            if let Some(number) = said.saved() {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "it is a number that was given, and came back"
                )]
                tell(News::Saved(number as u64));
            } else if said.forgotten().is_some() {
                tell(News::Forgotten);
            } else if let Some(reason) = said.lost() {
                tell(News::Lost(reason));
            }
        });
        store.listen(hear.as_ref().unchecked_ref());
        Self { store, _hear: hear }
    }

    pub(crate) fn save(&self, number: u64, entry: &[u8]) {
        #[expect(clippy::cast_precision_loss, reason = "nobody lives to see 2^53 entries")]
        self.store.save(number as f64, Uint8Array::from(entry));
    }

    pub(crate) fn forget(&self) {
        self.store.forget();
    }
}
