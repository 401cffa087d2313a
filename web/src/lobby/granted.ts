/** What an invite grants to whoever comes by it. */
import { useEffect, useState } from "preact/hooks";
import { type Role, readInvite } from "../client";
import { inviteOf, linkTo } from "../route";
import type { MadeRoom } from "./made-here";

export type Granted = {
  /** The invite has been read, or is none: then one learns so when one joins. */
  read: boolean;
  /** The one role that it is for, if it is for one. */
  role?: Role | undefined;
  /** The name of its token, if it is for one person. */
  token?: string | undefined;
};

/** What the invite grants, once it is read; the tab that made the room knows without reading. */
export function useGranted(invite: string, made: MadeRoom | undefined): Granted {
  const [granted, setGranted] = useState<Granted>(() => grantedTo(invite, made));
  useEffect(() => {
    if (made) return;
    let current = true;
    readInvite(linkTo(invite, "photo")).then(
      ({ role, token }) => current && setGranted({ read: true, role, token }),
      () => current && setGranted({ read: true }),
    );
    return () => {
      current = false;
    };
  }, [invite, made]);
  return granted;
}

function grantedTo(invite: string, made: MadeRoom | undefined): Granted {
  if (!made) return { read: false };
  const mine = made.links.find(({ link }) => inviteOf(link) === invite);
  return { read: true, role: mine?.role, token: mine?.token };
}
