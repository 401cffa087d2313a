/** What page and Worker say to each other about one direct connection, each on its end of a line. */

/** The Worker to the page. */
export type ToPage =
  /** The Worker listens to the channel: the connection may be made. */
  | { say: "ready" }
  /** From the other side of the connection. */
  | { say: "signal"; bytes: Uint8Array }
  | { say: "open" | "close" };

/** The page to the Worker. */
export type ToWorker =
  | { say: "channel"; channel: RTCDataChannel }
  /** Where the channel itself cannot be handed over: a port to whoever uses it instead. */
  | { say: "proxy"; port: MessagePort }
  /** For the other side of the connection. */
  | { say: "signal"; bytes: Uint8Array }
  /** There is no connection, or none any more. */
  | { say: "failed"; reason: string };

/** On the port of a proxy: messages are `ArrayBuffer`s, and this is said between them. Worker to page: */
export type ToProxy = ArrayBuffer | { say: "close" };

/** Page to Worker. */
export type FromProxy =
  | ArrayBuffer
  | { say: "open" | "closed" }
  /** So many of the bytes to be sent are now in the channel. */
  | { say: "taken"; bytes: number };
