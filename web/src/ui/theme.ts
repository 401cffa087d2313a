/** Light or dark: the system's choice until somebody says otherwise. */
export type Theme = "light" | "dark";

export function savedTheme(): Theme | undefined {
  try {
    const saved = localStorage.getItem(KEY);
    return saved === "light" || saved === "dark" ? saved : undefined;
  } catch {
    return undefined; // storage may be switched off; the system's choice stands
  }
}

export function applyTheme(theme: Theme | undefined): void {
  if (theme) document.documentElement.dataset.theme = theme;
}

export function saveTheme(theme: Theme): void {
  applyTheme(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Not remembered, then.
  }
}

/** What is on screen now. */
export function currentTheme(): Theme {
  return savedTheme() ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

const KEY = "cryptab-theme";
