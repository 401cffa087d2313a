import { useState } from "preact/hooks";
import type { Route } from "../route";
import { currentTheme, saveTheme } from "./theme";

/** The strip of tabs along the top. */
export function Header({ page }: { page: Route["page"] }) {
  return (
    <header class="strip">
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        Skip to content
      </button>
      <a class="brand" href="/#">
        <Mark />
        CrypTab
      </a>
      <nav class="strip-tabs" aria-label="Pages">
        <StripTab label="Start" href="/#" current={page === "front"} />
        {page === "photo" && <StripTab label="Photo room" href={location.hash} current />}
        <StripTab label="Bench" href="#bench" current={page === "bench"} />
      </nav>
      <ThemeButton />
    </header>
  );
}

function StripTab({ label, href, current }: { label: string; href: string; current: boolean }) {
  return (
    <a class="strip-tab" href={href} aria-current={current ? "page" : undefined}>
      {label}
    </a>
  );
}

function ThemeButton() {
  const [theme, setTheme] = useState(currentTheme);
  const other = theme === "dark" ? "light" : "dark";
  const toggle = () => {
    saveTheme(other);
    setTheme(other);
  };
  return (
    <button type="button" class="theme-button" data-testid="theme" onClick={toggle}>
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r="7.5" fill="none" stroke="currentColor" stroke-width="1.6" />
        <path d="M10 2.5a7.5 7.5 0 0 1 0 15z" fill="currentColor" />
      </svg>
      <span class="unseen">Switch to {other} colours</span>
    </button>
  );
}

function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 26" aria-hidden="true">
      <path class="mark-tab" d="M0 25c3 0 4-1.500 4-4V6c0-3 2-5 5-5h14c3 0 5 2 5 5v15c0 2.500 1 4 4 4z" />
      <path class="mark-noise" d="M10 6h4v4h-4zM18 6h4v4h-4zM14 10h4v4h-4zM10 14h4v4h-4zM18 14h4v4h-4z" />
    </svg>
  );
}
