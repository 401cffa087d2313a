import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";

type CopyFieldProps = {
  link: string;
  /** What the link is, on a page with several. */
  label: string;
  testid: string;
  /** Beside the button that copies. */
  children?: ComponentChildren;
};

/** A link to copy, by the button or by hand. */
export function CopyField({ link, label, testid, children }: CopyFieldProps) {
  const [copied, setCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(link);
      setCopied(true);
    } catch {
      setCopied(false); // no clipboard here: the link stays selected for Ctrl+C
    }
  };
  const words = copied ? "Copied" : "Copy link";
  return (
    <>
      <label class="field">
        <span>{label}</span>
        <input
          ref={field}
          class="mono"
          readOnly
          value={link}
          data-testid={testid}
          onFocus={(event) => event.currentTarget.select()}
        />
      </label>
      <div class="button-row">
        <button
          type="button"
          class="button"
          data-testid="copy-link"
          aria-label={`${words}: ${label}`}
          onClick={() => void copy()}
        >
          {words}
        </button>
        {children}
      </div>
      <p class="unseen" aria-live="polite">
        {copied ? `Link copied: ${label}` : ""}
      </p>
    </>
  );
}
