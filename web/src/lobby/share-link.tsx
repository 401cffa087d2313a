import { CopyField } from "./copy-field";
import { QrCode } from "./qr";

/** The invite link: to copy, to share, to scan. */
export function ShareLink({ link }: { link: string }) {
  const share = () =>
    navigator.share({ title: "A private photo room on CrypTab", url: link }).catch(() => {});
  return (
    <div class="share-link">
      <QrCode text={link} label="QR code of the invite link" />
      <div class="share-link-text">
        <CopyField link={link} label="Invite link" testid="share-link">
          {"share" in navigator && (
            <button type="button" class="button" onClick={share}>
              Share…
            </button>
          )}
        </CopyField>
        <p class="hint">
          Whoever has this link can take a free place. Its secret comes after the #, which browsers send to no
          server.
        </p>
      </div>
    </div>
  );
}
