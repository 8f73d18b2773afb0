// export.tsx - the dialog that makes a file of what is asked for: says how far it is, can be stopped, and says how many there are.
import { Button, Code, Group, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Dialog } from '../parts/dialog';
import { Failed } from '../parts/states';
import { filterOf, type Asked } from './asked';
import { exportRecord, EXPORT_MAX_BYTES, saveFile, type Progress } from './take_out';

type State = { is: 'idle' } | { is: 'going'; progress: Progress } | { is: 'done'; progress: Progress; name: string } | { is: 'failed'; error: unknown };

const megabytes = (bytes: number) => `${(bytes / 1_048_576).toLocaleString(undefined, { maximumFractionDigits: 1 })} MB`;
const counted = ({ records, bytes }: Progress) => `${records.toLocaleString()} ${records === 1 ? 'record' : 'records'}, ${megabytes(bytes)}`;

export function ExportDialog({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const { state, start } = useExport(asked);
  return (
    <Dialog onClose={onClose} title={<Text fw={600}>Export the record</Text>} size="md">
      <Stack>
        <Text>What the filters find, newest first, one JSON object a line (NDJSON), {megabytes(EXPORT_MAX_BYTES)} at most.</Text>
        <Chosen asked={asked} />
        <div role="status">{state.is === 'going' ? <Text>So far {counted(state.progress)}.</Text> : state.is === 'done' && <Done {...state} />}</div>
        {state.is === 'failed' && <Failed error={state.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{state.is === 'going' ? 'Cancel' : 'Close'}</Button>
          {state.is !== 'done' && <Button onClick={start} loading={state.is === 'going'} data-autofocus>Export</Button>}
        </Group>
      </Stack>
    </Dialog>
  );
}

/* Closing the dialog ends what is under way. */
function useExport(asked: Asked) {
  const [state, setState] = useState<State>({ is: 'idle' });
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);
  const start = () => {
    const { signal } = (abort.current = new AbortController());
    setState({ is: 'going', progress: { records: 0, bytes: 0, isFull: false } });
    exportRecord(filterOf(asked), signal, (progress) => setState({ is: 'going', progress })).then(
      ({ file, progress }) => {
        const name = `keyward-record-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}Z.ndjson`;
        saveFile(file, name);
        setState({ is: 'done', progress, name });
      },
      (error: unknown) => {
        if (!signal.aborted) setState({ is: 'failed', error });
      },
    );
  };
  return { state, start };
}

function Chosen({ asked }: { asked: Asked }) {
  const entries = Object.entries(asked);
  if (entries.length === 0) return <Text size="sm" c="dimmed">No filter is set: all of the record that you may see.</Text>;
  return (
    <Group gap={6}>
      {entries.map(([name, value]) => <Code key={name}>{name}={value}</Code>)}
    </Group>
  );
}

function Done({ progress, name }: { progress: Progress; name: string }) {
  return (
    <>
      <Text fw={600}>{counted(progress)}.</Text>
      <Text size="sm" c="dimmed">It is with your downloads as <Code>{name}</Code>.</Text>
      {progress.isFull && <Text size="sm">The record has more. Set Until to the time of the last line, and export again; or use <Code>keyward audit search --json</Code>.</Text>}
    </>
  );
}
