import { defineConfig, type Plugin } from "vite";
import { pageSecurityPolicy, securityHeaders } from "./security-headers.ts";

/** Writes the page's own security policy into the built document; the server's header narrows it further. */
function policyInDocument(): Plugin {
  return {
    name: "policy-in-document",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: pageSecurityPolicy },
        injectTo: "head-prepend",
      },
    ],
  };
}

export default defineConfig({
  plugins: [policyInDocument()],
  resolve: { alias: { cryptab: new URL("../pkg/src/index.ts", import.meta.url).pathname } },
  worker: { format: "es" },
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { fs: { allow: [".."] } },
  preview: { headers: securityHeaders },
});
