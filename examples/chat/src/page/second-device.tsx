/** The same session on another device: this page again, in a phone, with a connection of its own. */
export function SecondDevice({ session }: { readonly session: string }) {
  const address = `?${new URLSearchParams({ session, device: 'phone' }).toString()}`;
  return (
    <aside className="second" aria-label="Second device">
      <p>
        A second device, with its own connection.{' '}
        <a href={address} target="_blank" rel="noreferrer">
          Open it in a tab
        </a>
      </p>
      <iframe src={address} title="Second device" />
    </aside>
  );
}
