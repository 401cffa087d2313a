import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { Progress } from "../events.ts";
import { Reporter } from "./reporter.ts";

test("reports what changed, counted from the start of the work", async () => {
  mock.timers.enable({ apis: ["setInterval"] });
  try {
    const engine = { stage: "", round: 5, rounds: 5, bytes: 100, dealerBytes: 10, waitingFor: ["Ben"] };
    const reports: Progress[] = [];
    const reporter = new Reporter(
      () => engine,
      (progress) => reports.push(progress),
    );
    const cost = await reporter.during(async (figures) => {
      mock.timers.tick(1000); // ten looks, one report: nothing moves
      Object.assign(engine, {
        stage: "mul",
        round: 6,
        rounds: 8,
        bytes: 150,
        dealerBytes: 30,
        waitingFor: [],
      });
      mock.timers.tick(100);
      return figures();
    });
    assert.deepEqual(cost, { rounds: 1, bytes: 50, dealerBytes: 20 });
    assert.deepEqual(
      reports.map(({ seconds: _, ...report }) => report),
      [
        { stage: "", round: 0, rounds: 0, bytes: 0, dealerBytes: 0, waitingFor: ["Ben"] },
        { stage: "mul", round: 1, rounds: 3, bytes: 50, dealerBytes: 20, waitingFor: [] },
      ],
    );
    mock.timers.tick(1000);
    assert.equal(reports.length, 2, "silent after the end");
  } finally {
    mock.timers.reset();
  }
});

test("is silent when there is no session", async () => {
  const reporter = new Reporter(
    () => undefined,
    () => assert.fail("nothing to report"),
  );
  await assert.rejects(
    reporter.during(() => Promise.reject(new Error("over"))),
    /over/,
  );
});
