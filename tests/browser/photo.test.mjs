// The proof: two tabs in separate browser contexts and a native party adjust a real photograph, through relay and
// dealer as separate processes. The result is right, only its owner gets it, and the services saw nothing.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join as path } from "node:path";
import { after, before, test } from "node:test";
import { artifact, keep, ROOT } from "./lib/artifacts.mjs";
import { Browser } from "./lib/browser.mjs";
import { affineMap } from "./lib/clear.mjs";
import { readInvite } from "./lib/invite.mjs";
import { exactNeedle, parameterNeedles, pictureNeedles } from "./lib/needles.mjs";
import { correlation, difference, encodePng, readPng } from "./lib/picture.mjs";
import { joinNatively, Services } from "./lib/processes.mjs";
import { bringPhoto, createRoom, done, everyoneSealed, join, openAndJoin, pixels, setAdjustment } from "./lib/room.mjs";
import { ADJUST, expected, FILE, FILTER, PHOTO, PRESET } from "./lib/sample.mjs";
import { findAll, seenBy } from "./lib/search.mjs";

const EXPECTED = expected();

let services;
let browser;

before(async () => {
  services = await Services.start("photo");
  browser = await Browser.start();
});

after(async () => {
  await browser?.stop();
  await services?.stop();
});

test("a 512x512 photo, adjusted by two tabs and a native party", { timeout: 180_000 }, async (t) => {
  const owner = await browser.tab("owner");
  const adjuster = await browser.tab("adjuster");
  const link = await createRoom(owner, services.origin, 3);
  // All through the relay, which sees as much as it ever can.
  await join(owner, "Ada", "photo", "relay");
  await openAndJoin(adjuster, link, "Ben", "adjust", "relay");
  const helper = joinNatively(link, "Cleo");
  for (const tab of [owner, adjuster]) await everyoneSealed(tab, 3);
  await owner.screenshot("photo-lobby");

  await bringPhoto(owner, FILE);
  await setAdjustment(adjuster, ADJUST, PRESET);
  await adjuster.screenshot("photo-adjuster");
  await Promise.all([done(owner, 120_000), done(adjuster, 120_000)]);
  await owner.screenshot("photo-result-owner");
  await adjuster.screenshot("photo-result-adjuster");

  const result = await pixels(owner, "result-canvas");
  const ownerShare = await pixels(owner, "share-canvas");
  const adjusterShare = await pixels(adjuster, "share-canvas");
  keep("photo-result.png", encodePng(result));
  keep("photo-expected.png", encodePng(EXPECTED));

  await t.test("the result differs from the clear computation by at most one level", () => {
    const apart = difference(result, EXPECTED);
    const figures = { ...apart, of: result.width * result.height * 3 };
    t.diagnostic(JSON.stringify(figures));
    keep("photo-figures.json", JSON.stringify(figures));
    assert.ok(apart.largest <= 1, `${apart.largest} levels`);
    assert.ok(difference(result, PHOTO).largest > 50, "the adjustment changed nothing");
  });

  await t.test("the file that the owner saves is the result", async () => {
    const download = owner.page.waitForEvent("download");
    await owner.by("download").click();
    const file = artifact("photo-download.png");
    await (await download).saveAs(file);
    assert.deepEqual(difference(readPng(file), result), { largest: 0, differing: 0 });
  });

  await t.test("the other parties never receive it", async () => {
    assert.equal(await adjuster.by("result-canvas").count(), 0);
    assert.equal(await adjuster.by("download").count(), 0);
    assert.equal(await adjuster.by("done").count(), 1);
    assert.equal(await helper.ended, 0, helper.output);
    const heard = [{ where: "the native party's output", bytes: Buffer.from(helper.output) }];
    assert.deepEqual(findAll(heard, [...pictureNeedles("photo", PHOTO), ...pictureNeedles("result", result)]), []);
  });

  await t.test("what a tab holds looks like noise", () => {
    for (const [whose, share] of Object.entries({ ownerShare, adjusterShare })) {
      // What one holds alone is uniform; together they are the photo: a mask, and the photo under that mask.
      assertUniform(share, whose);
      for (const [what, picture] of Object.entries({ PHOTO, result })) {
        const alike = correlation(share, picture);
        assert.ok(Math.abs(alike) < 0.02, `${whose} and ${what}: ${alike}`);
      }
    }
  });

  await t.test("relay and dealer saw no plaintext", () => {
    const seen = [...seenBy(services.relayRecorder, "relay"), ...seenBy(services.dealerRecorder, "dealer")];
    const unmasked = seen.filter(({ where }) => where.endsWith("unmasked"));
    const total = unmasked.reduce((sum, { bytes }) => sum + bytes.length, 0);
    t.diagnostic(`${(total / 1e6).toFixed(1)} MB in ${unmasked.length} WebSocket directions`);
    // Three parties reach both services, and a share of the photo alone is larger than this.
    for (const service of ["relay", "dealer"]) {
      const here = unmasked.filter(({ where }) => where.startsWith(service));
      assert.equal(here.length, 6, `${service}: three parties, two directions each`);
    }
    assert.ok(total > 1_000_000, `only ${total} bytes: was everything recorded?`);
    assertUncompressed(services);
    assert.deepEqual(findAll(seen, needles(result, link)).slice(0, 20), []);
  });

  assert.deepEqual(await browser.closeTabs(), []);
});

/** Every level about equally often: chi-square over 256 levels, whose standard deviation is 22.6. */
function assertUniform({ data }, whose) {
  const counts = new Array(256).fill(0);
  data.forEach((level, at) => {
    if (at % 4 !== 3) counts[level] += 1;
  });
  const expected = (data.length * 3) / 4 / 256;
  const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  assert.ok(Math.abs(chi - 255) < 6 * 22.6, `${whose}: chi-square ${chi}`);
}

/** All that nobody but its owner may see. */
function needles(result, link) {
  const { matrix, offset } = affineMap(ADJUST);
  return [
    ...pictureNeedles("photo", PHOTO),
    ...pictureNeedles("result", result),
    ...parameterNeedles("adjustment", Object.values(ADJUST)),
    ...parameterNeedles("matrix", matrix),
    ...parameterNeedles("offset", offset),
    ...parameterNeedles("filter", FILTER),
    exactNeedle("the invite's secret", readInvite(link).secret),
    exactNeedle("the link's fragment", new URL(link).hash.slice(1)),
    exactNeedle("the filter's name", JSON.stringify(PRESET)),
    exactNeedle("a parameter's name", "brightness"),
  ];
}

/** A search of compressed bytes would find nothing, whatever they say. */
function assertUncompressed({ relayRecorder, dealerRecorder }) {
  for (const { received } of [...relayRecorder.connections, ...dealerRecorder.connections]) {
    assert.doesNotMatch(Buffer.concat(received).toString("latin1", 0, 2_000), /sec-websocket-extensions/i);
  }
}

test("the sample photo is the file with a noted source", () => {
  const credits = readFileSync(path(ROOT, "web/public/CREDITS.md"), "utf8");
  assert.match(credits, /`sample\.png`.*public domain|`sample\.png`.*CC0/i);
  assert.deepEqual([PHOTO.width, PHOTO.height], [512, 512]);
});
