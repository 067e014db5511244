import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import '@holdfast/example-chat/page/style.css';
import './style.css';
import { isStaff, PEOPLE } from '../people.ts';
import { SignIn } from './sign-in.tsx';

/** Shows a page to the person whom the address names, or asks who it is. */
export function show(kind: 'customer' | 'staff', page: (as: string) => ReactNode): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('The page has no #root.');
  const as = new URL(location.href).searchParams.get('as') ?? '';
  const isKnown = Object.hasOwn(PEOPLE, as) && isStaff(PEOPLE[as]) === (kind === 'staff');
  createRoot(root).render(isKnown ? page(as) : <SignIn kind={kind} />);
}
