/** Whether something from outside is an object, whose fields are then to be checked one by one. */
export function isObject(said: unknown): said is Record<string, unknown> {
  return typeof said === "object" && said !== null && !Array.isArray(said);
}
