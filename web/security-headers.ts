/** What the page may load, whoever serves it: itself, and WebAssembly. Relay and dealer may live elsewhere. */
export const pageSecurityPolicy = policy(["'self'", "ws:", "wss:"]);

/** The headers `vite preview` sends. `cryptab serve` and `cryptab relay` send the same. */
export const securityHeaders: Record<string, string> = {
  "Content-Security-Policy": `${policy(["'self'"])}; frame-ancestors 'none'`,
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

function policy(connect: string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    `connect-src ${connect.join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}
