/** The threat model in plain words, shown where a person joins. */
export function TrustStatement() {
  return (
    <dl class="trust" data-testid="trust">
      <div class="trust-good">
        <dt>The other tabs</dt>
        <dd>
          See your name, your role, and the size of the photo. Not the photo, not the settings, even if all of
          them put their shares together. They are trusted to follow the protocol: one that does not can spoil
          the result. A tab that is connected to yours directly learns your network address, unless you choose
          otherwise.
        </dd>
      </div>
      <div class="trust-good">
        <dt>The relay</dt>
        <dd>
          Passes sealed messages on. It sees when, how large and between whom; it can drop them, not read or
          change them.
        </dd>
      </div>
      <div class="trust-care">
        <dt>The dealer</dt>
        <dd>
          Sends random numbers, and sees only the shape of the work.{" "}
          <strong>But a dealer who works with any one tab in the room can see everything.</strong> It must be
          run by someone who does not collude. If the relay and the dealer here are one process, as with{" "}
          <code>cryptab serve</code>, they are one operator: fine for trying out, not for earnest use.
        </dd>
      </div>
      <div class="trust-care">
        <dt>Whoever serves this page</dt>
        <dd>
          Could serve a page that gives your data away. Serve it yourself, or take part from the command line
          with <code>cryptab join</code>.
        </dd>
      </div>
      <div class="trust-care">
        <dt>The result</dt>
        <dd>The photo owner has before and after, and can work out much of the adjustment from the two.</dd>
      </div>
    </dl>
  );
}
