import type { PhotoResult, Role } from "../client";
import { formatBytes, formatSeconds } from "../ui/format";
import { Panel } from "../ui/panel";
import { BeforeAfter } from "./before-after";
import { downloadPng } from "./download";
import { Figure } from "./run";
import { ShareView } from "./share-view";

type ResultProps = {
  role: Role;
  result: PhotoResult;
  before: ImageData | undefined;
  parties: number;
  onAgain: () => void;
};

/** After the run: the photo for its owner, and for everyone what their tab held. */
export function ResultPanel({ role, result, before, parties, onAgain }: ResultProps) {
  const { image, share, stats } = result;
  const again = (
    <button type="button" class="button" data-testid="run-again" onClick={onAgain}>
      Run again
    </button>
  );
  return (
    <>
      {role === "photo" && image ? (
        <Panel label="Your photo, adjusted" class="work">
          {before && <BeforeAfter before={before} after={image} />}
          <div class="button-row">
            <button
              type="button"
              class="button primary"
              data-testid="download"
              onClick={() => void downloadPng(image)}
            >
              Download PNG
            </button>
            {again}
          </div>
        </Panel>
      ) : (
        <Panel label="Done" class="work">
          <p class="big" data-testid="done">
            Done. The result went to the photo owner only.
          </p>
          <p>This tab helped to compute it and has not seen it: all it ever held is below.</p>
          <div class="button-row">{again}</div>
        </Panel>
      )}
      <Panel label="What your tab held" class="work">
        <ShareView share={share} parties={parties} />
      </Panel>
      <dl class="figures" data-testid="stats">
        <Figure name="Rounds" value={String(stats.rounds)} />
        <Figure name="Between tabs" value={formatBytes(stats.bytes)} />
        <Figure name="From the dealer" value={formatBytes(stats.dealerBytes)} />
        <Figure name="Time" value={formatSeconds(stats.seconds)} />
      </dl>
    </>
  );
}
