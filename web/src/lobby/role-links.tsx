import { useState } from "preact/hooks";
import type { MadeLink } from "../client";
import { QrCode } from "./qr";
import { shortRole } from "./roles";

/** A link for each role: shown to the one who made the room. */
export function RoleLinks({ links }: { links: readonly MadeLink[] }) {
  return (
    <>
      <ul class="role-links">
        {links.map((link) => (
          <RoleLink key={link.token} {...link} />
        ))}
      </ul>
      <p class="hint">
        Each link is for one person, in one role. Send each over a channel you trust; you can remove whoever
        came by it.
      </p>
    </>
  );
}

function RoleLink({ link, role }: MadeLink) {
  const [copied, setCopied] = useState(false);
  const title = role ? shortRole(role) : "Anyone";
  const copy = () =>
    navigator.clipboard.writeText(link).then(
      () => setCopied(true),
      () => setCopied(false), // no clipboard here: the link can be copied by hand
    );
  return (
    <li>
      <label class="field">
        <span>{title}</span>
        <input
          class="mono"
          readOnly
          value={link}
          data-testid={`share-link-${role ?? "any"}`}
          onFocus={(event) => event.currentTarget.select()}
        />
      </label>
      <button type="button" class="button quiet" onClick={() => void copy()}>
        {copied ? "Copied" : "Copy link"}
      </button>
      <details class="fold">
        <summary>QR code</summary>
        <QrCode text={link} label={`QR code of the link: ${title}`} />
      </details>
    </li>
  );
}
