import { isStaff, PEOPLE } from '../people.ts';

/** A demo's sign-in: one says who one is. */
export function SignIn({ kind }: { readonly kind: 'customer' | 'staff' }) {
  const people = Object.entries(PEOPLE).filter(([, person]) => isStaff(person) === (kind === 'staff'));
  return (
    <main className="sign-in">
      <span className="mark" aria-hidden="true" />
      <h1>Who are you?</h1>
      <p>A demo’s sign-in: choose somebody. Your application signs tokens for those it knows.</p>
      <ul>
        {people.map(([id, { name, title }]) => (
          <li key={id}>
            <a href={`?as=${id}`}>
              <b>{name}</b> {title ?? 'Customer'}
            </a>
          </li>
        ))}
      </ul>
    </main>
  );
}
