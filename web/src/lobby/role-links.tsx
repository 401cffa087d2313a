import type { MadeLink } from "../client";
import { CopyField } from "./copy-field";
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
  const title = role ? shortRole(role) : "Anyone";
  return (
    <li>
      <CopyField link={link} label={title} testid={`share-link-${role ?? "any"}`} />
      <details class="fold">
        <summary>QR code</summary>
        <QrCode text={link} label={`QR code of the link: ${title}`} />
      </details>
    </li>
  );
}
