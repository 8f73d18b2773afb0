// set_up.tsx - an authenticator app: shown its secret as a picture and as text, and proved by its first code.
import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { QRCodeSVG } from 'qrcode.react';
import { useState, type FormEvent } from 'react';
import { confirmTotp, type RecoveryCodes, type TotpOffer } from '../api/me';
import { CopyButton } from '../parts/copy';
import { Dialog } from '../parts/dialog';
import { Moment } from '../parts/moment';
import { Failed } from '../parts/states';
import { CodeField } from '../sign-in/steps';
import classes from './set_up.module.css';

type Props = { offer: TotpOffer; onDone: (codes: RecoveryCodes) => void; onClose: () => void; again: () => void };

const inGroups = (secret: string) => secret.match(/.{1,4}/g)?.join(' ') ?? secret;

export function SetUp({ offer, onDone, onClose, again }: Props) {
  const [code, setCode] = useState('');
  const confirm = useMutation({
    mutationFn: async () => onDone(await confirmTotp(offer.setup, code.replace(/\s/g, ''))),
    onError: () => setCode(''),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate();
  };
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Set up an authenticator app</Text>} size="md" closeOnClickOutside={false}>
      <form onSubmit={submit}>
        <Stack>
          <Text>Read this picture with the app, or type the text into it. Nothing changes before a code of it has held. This offer ends <Moment at={offer.endsAt} form="ago" />.</Text>
          <div className={classes.picture}><QRCodeSVG value={offer.uri} size={184} level="M" bgColor="#ffffff" fgColor="#161c20" title="QR code for the authenticator app" /></div>
          <code className={classes.secret} aria-label="The secret as text">{inGroups(offer.secret)}</code>
          <Group gap="sm"><CopyButton text={offer.secret} what="the secret" /></Group>
          <CodeField value={code} onChange={setCode} />
          {confirm.error !== null && <Failed error={confirm.error} />}
          <Group justify="flex-end">
            {confirm.error !== null && <Button variant="subtle" onClick={() => { confirm.reset(); again(); }}>New picture</Button>}
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={confirm.isPending}>Turn on</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
