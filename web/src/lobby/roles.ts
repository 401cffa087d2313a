/** The three things a person can be in a photo room. */
import type { Role } from "../client";

export type RoleWords = { role: Role; title: string; short: string; text: string };

export const ROLES: readonly RoleWords[] = [
  {
    role: "photo",
    title: "I bring the photo",
    short: "Photo owner",
    text: "Your photo leaves this tab only as noise. You alone see the result.",
  },
  {
    role: "adjust",
    title: "I adjust it",
    short: "Adjuster",
    text: "You set the sliders and the filter. You never see the photo.",
  },
  {
    role: "help",
    title: "I lend my tab",
    short: "Helper",
    text: "You bring nothing and see nothing; your tab computes on noise.",
  },
];

export function shortRole(role: Role): string {
  return ROLES.find((words) => words.role === role)?.short ?? role;
}
