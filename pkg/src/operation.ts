/** Operations as data: what the page records, and the Worker tells the engine. */

export type Unary = "neg" | "square" | "relu" | "abs" | "round" | "not" | "toNumber";
export type Binary = "add" | "sub" | "mul" | "matmul" | "lt" | "gt" | "le" | "ge" | "eq";

/** What makes a tensor. Operands are numbers of tensors. */
export type Making =
  | { do: "input"; owner: number; shape: number[]; data?: Float64Array<ArrayBuffer> | undefined }
  | { do: "constant"; shape: number[]; data: Float64Array<ArrayBuffer> }
  | { do: "unary"; name: Unary; a: number }
  | { do: "binary"; name: Binary; a: number; b: number }
  | { do: "where"; condition: number; a: number; b: number }
  | { do: "clamp"; a: number; low?: number | undefined; high?: number | undefined }
  | { do: "conv2d"; a: number; kernel: number; parameters: number[] }
  | { do: "within"; a: number; width: number }
  | { do: "reshape" | "permute" | "broadcastTo"; a: number; sizes: number[] }
  | { do: "slice"; a: number; ranges: number[] }
  | { do: "pad"; a: number; widths: number[]; edge: boolean }
  | { do: "sum" | "mean"; a: number; axes: number[]; keep: boolean }
  | { do: "concat"; parts: number[]; axis: number };

export type Operation =
  | { do: "make"; tensor: number; how: Making }
  /** Answered as a request, with the numbers, or nothing for those who do not receive them. */
  | { do: "reveal"; request: number; a: number; to?: number | undefined }
  /** The page has no handle to it any more. */
  | { do: "forget"; tensor: number };

/** The tensors that an operation needs. */
export function operandsOf(how: Making): number[] {
  switch (how.do) {
    case "input":
    case "constant":
      return [];
    case "binary":
      return [how.a, how.b];
    case "where":
      return [how.condition, how.a, how.b];
    case "conv2d":
      return [how.a, how.kernel];
    case "concat":
      return how.parts;
    default:
      return [how.a];
  }
}
