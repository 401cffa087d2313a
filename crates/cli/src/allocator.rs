//! The allocator, which keeps the memory of tensors for the next ones.
//!
//! The system's allocator returns large buffers to the system at once and asks for them again; the
//! system then clears every page, which took a fifth of the time of most operations.
#![expect(unsafe_code, reason = "the allocator's options are set by a C function")]

use std::ffi::c_long;

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Freed memory is kept as long as the process runs: it never holds more than it once used.
const KEPT: c_long = -1;
/// `mi_option_purge_delay` of mimalloc.h.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

/// Has freed memory kept. `MIMALLOC_PURGE_DELAY` in the environment goes first.
pub(crate) fn keep_memory() {
    if std::env::var_os("MIMALLOC_PURGE_DELAY").is_none() {
        // SAFETY: the function takes an option and a number by value, may be called at any time,
        // and ignores options that it does not know.
        unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, KEPT) }
    }
}
