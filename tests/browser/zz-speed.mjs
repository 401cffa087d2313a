import { chromium } from "playwright-core";
const origin = process.argv[2];
const args = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(" ");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args });
const a = await (await browser.newContext()).newPage();
const b = await (await browser.newContext()).newPage();
await a.goto(origin);
await a.getByTestId("create-room").click();
await a.getByTestId("join-name").fill("Ada");
await a.getByTestId("join-role-photo").check({ force: true });
await a.getByTestId("join-button").click();
const l = a.getByTestId("share-link"); await l.waitFor();
const link = (await l.inputValue().catch(() => null)) ?? (await l.textContent());
await b.goto(link.trim());
await b.getByTestId("join-name").fill("Ben");
await b.getByTestId("join-role-adjust").check({ force: true });
await b.getByTestId("join-button").click();
await b.getByTestId("filter-preset-sharpen").click({ force: true });
for (let i = 0; i < 3; i++) {
  if (i === 0) { await a.getByTestId("sample-button").click(); }
  await b.getByTestId("ready-button").click();
  const r = a.getByTestId("ready-button"); if (await r.count()) await r.click();
  await a.getByTestId("result-canvas").waitFor({ timeout: 60000 });
  await a.waitForTimeout(500);
  console.log((await a.getByTestId("stats").innerText()).replace(/\n/g, " "));
  break;
}
await browser.close();
