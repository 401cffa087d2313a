import { useRef, useState } from "preact/hooks";
import { QrCode } from "./qr";

/** The invite link: to copy, to share, to scan. */
export function ShareLink({ link }: { link: string }) {
  const [copied, setCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(link);
      setCopied(true);
    } catch {
      setCopied(false); // no clipboard here: the link stays selected for Ctrl+C
    }
  };
  const share = () =>
    navigator.share({ title: "A private photo room on CrypTab", url: link }).catch(() => {});
  return (
    <div class="share-link">
      <QrCode text={link} label="QR code of the invite link" />
      <div class="share-link-text">
        <label class="field">
          <span>Invite link</span>
          <input
            ref={field}
            class="mono"
            readOnly
            value={link}
            data-testid="share-link"
            onFocus={(event) => event.currentTarget.select()}
          />
        </label>
        <div class="button-row">
          <button type="button" class="button" data-testid="copy-link" onClick={copy}>
            {copied ? "Copied" : "Copy link"}
          </button>
          {"share" in navigator && (
            <button type="button" class="button" onClick={share}>
              Share…
            </button>
          )}
        </div>
        <p class="hint">
          Whoever has this link can take a free place. Its secret comes after the #, which browsers send to no
          server.
        </p>
        <p class="unseen" aria-live="polite">
          {copied ? "Link copied" : ""}
        </p>
      </div>
    </div>
  );
}
