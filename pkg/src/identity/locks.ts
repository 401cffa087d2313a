/** Web Locks as functions: one tab of the browser at a time holds a name. */

/** Takes the lock, if it comes free within so many milliseconds; gives what lets it go. */
export async function lock(name: string, patience: number): Promise<(() => void) | undefined> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  // Without waiting, a free lock is had; a signal that is aborted already would refuse that one too.
  const options: LockOptions =
    patience > 0 ? { signal: AbortSignal.timeout(patience) } : { ifAvailable: true };
  return new Promise((resolve) => {
    const held = (lock: Lock | null) => {
      resolve(lock ? release : undefined);
      return lock ? released : undefined;
    };
    navigator.locks.request(name, options, held).catch(() => resolve(undefined));
  });
}

/** Whether there are locks: not on an insecure origin. */
export function canLock(): boolean {
  return "locks" in navigator;
}
