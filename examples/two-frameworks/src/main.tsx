import { createRoot } from 'react-dom/client';
import './style.css';

const PAGES = [
  { page: 'ai-sdk', title: 'Vercel AI SDK', code: 'createChatTransport(session)' },
  { page: 'tanstack', title: 'TanStack AI', code: 'createConnection(session)' },
] as const;

/** Two pages on one session, each in a frame of its own, with its own connection. */
function Window({ session }: { readonly session: string }) {
  return (
    <>
      <header className="top">
        <span className="mark" aria-hidden="true" />
        <h1>One session, two frameworks</h1>
        <p>
          session <code>{session}</code> · one agent · ask on either side, stop it from the other
        </p>
      </header>
      <main className="pages">
        {PAGES.map(({ page, title, code }) => (
          <section key={page} aria-label={title}>
            <h2>
              {title} <code>useChat</code> <span>{code}</span>
            </h2>
            <iframe
              title={title}
              src={`/${page}.html?${new URLSearchParams({ session, device: 'phone' }).toString()}`}
            />
          </section>
        ))}
      </main>
    </>
  );
}

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
createRoot(root).render(<Window session={new URL(location.href).searchParams.get('session') ?? 'demo'} />);
