import { Frame } from './frame/frame.tsx';
import { Announcements } from './parts/announce.tsx';
import { session } from './session.ts';
import { SignIn } from './sign-in.tsx';

export function App() {
  return (
    <>
      {session.value ? <Frame key={session.value.key} /> : <SignIn />}
      <Announcements />
    </>
  );
}
