export function Footer() {
  return (
    <footer class="footer">
      <p>Everything on this page comes from this site: no third-party scripts, no cookies, no tracking.</p>
      <p>
        MIT or Apache-2.0 · <a href="/CREDITS.md">Pictures and typefaces</a>
      </p>
    </footer>
  );
}
