/** The sign-in is over while somebody works: they sign in over their page, which keeps what they have typed. */
import { useState } from 'react';
import { Dialog } from '../components/dialog.tsx';
import { SignInForm, useSignedIn } from './sign-in-form.tsx';

export default function SignInAgain() {
  const done = useSignedIn();
  const [isPutOff, setPutOff] = useState(false);
  return (
    <Dialog
      open={!isPutOff}
      // Whoever wants to copy something first is asked again by the next thing that needs the server.
      onClose={() => setPutOff(true)}
      title="You are signed out"
      description="Your sign-in is over. Sign in again: this page stays as it is, with all that you have typed."
    >
      <SignInForm done={done} />
    </Dialog>
  );
}
