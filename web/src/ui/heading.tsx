import { useEffect, useRef } from "preact/hooks";

type HeadingProps = {
  title: string;
  lead?: string;
  /** Where the page stands; when it changes, the focus moves here so that nobody is left behind. */
  moment?: string;
};

/** A page's heading. */
export function Heading({ title, lead, moment = title }: HeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) heading.current?.focus();
    first.current = false;
  }, [moment]);
  return (
    <div class="heading">
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {lead && <p class="lead">{lead}</p>}
    </div>
  );
}
