/** The IndexedDB of this site, of which every tab sees the same. */

let opened: Promise<IDBDatabase> | undefined;

/** The database, opened once and for as long as it stays open. @throws where there is none, as in some private windows */
export function open(): Promise<IDBDatabase> {
  if (opened) return opened;
  const opening = openAnew(() => {
    if (opened === opening) opened = undefined;
  });
  opened = opening;
  return opening;
}

/** `onGone` is called when it could not be opened, or is open no longer. */
function openAnew(onGone: () => void): Promise<IDBDatabase> {
  const opening = new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open("cryptab", 2);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) {
        request.result.createObjectStore(KEYS);
        request.result.createObjectStore(PEOPLE, { keyPath: ["name", "key"] });
      }
      request.result.createObjectStore(JOURNALS);
    };
    request.onblocked = () => reject(new Error("the browser's storage is busy"));
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = onGone;
      // Another tab deletes it, or has a later version: it waits until all others have closed it.
      database.onversionchange = () => {
        database.close();
        onGone();
      };
      resolve(database);
    };
  });
  opening.catch(onGone);
  return opening;
}

/** What a request gives. */
export function done<A>(request: IDBRequest<A>): Promise<A> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Keys of this browser, by name. */
export const KEYS = "keys";
/** Whom it has met. */
export const PEOPLE = "people";
/** What tabs go on from when they are reloaded, by tab, kind and number. */
export const JOURNALS = "journals";
