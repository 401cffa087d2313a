/** The page's API of the npm package `cryptab`, as the page uses it. Delete this file once ../pkg brings its own types. */
declare module "cryptab" {
  export type Role = "photo" | "adjust" | "help";
  export type Fault = "input" | "peer" | "relay" | "dealer" | "misuse" | "bug";
  export type DealerState = "connecting" | "sealed" | "lost";
  export type Program = "photo" | "tensor";

  export type Member = {
    slot: number;
    name: string;
    role: Role;
    you: boolean;
    sealed: boolean;
    fingerprint: string;
  };

  export type SessionEvent =
    | { type: "lobby"; members: Member[]; parties: number; dealer: DealerState }
    | { type: "ready" }
    | {
        type: "progress";
        stage: string;
        round: number;
        rounds: number;
        bytes: number;
        dealerBytes: number;
        seconds: number;
        waitingFor: string[];
      }
    | { type: "left"; member: Member }
    | { type: "closed" };

  export class CrypTabError extends Error {
    fault: Fault;
    peer?: string;
    /** Which trouble exactly, where the package knows. See `ui/trouble.ts` for the words understood. */
    code?: string;
  }

  export type Adjust = {
    brightness: number;
    contrast: number;
    saturation: number;
    warmth: number;
    filter: number[];
  };
  export type Stats = { rounds: number; bytes: number; dealerBytes: number; seconds: number };
  export type PhotoResult = { image?: ImageData; share: ImageData; stats: Stats };
  export type BenchRow = {
    name: string;
    seconds: number;
    rounds: number;
    bytes: number;
    dealerBytes: number;
    maxError: number;
  };

  export type JoinOptions = {
    name: string;
    role?: Role;
    onEvent?: (event: SessionEvent) => void;
    signal?: AbortSignal;
  };

  export class Room {
    readonly me: Member;
    photo(input: { image?: ImageData; adjust?: Adjust }): Promise<PhotoResult>;
    bench(onRow: (row: BenchRow) => void): Promise<void>;
    close(): void;
  }

  export function createRoom(options: { parties: number; program: Program }): Promise<{ link: string }>;
  export function join(link: string, options: JoinOptions): Promise<Room>;
}
