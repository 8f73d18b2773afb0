// create.tsx - Create New Key: a name is enough; and then the key, shown once.
import { useState } from 'react';
import type { CreatedKey } from '../api/keys';
import { useMay } from '../api/session';
import { Page } from '../parts/page';
import { Nothing } from '../parts/states';
import { CreateForm } from './create_form';
import { Made } from './made';

/** The secret lives in this state alone, and is gone with the page. */
export default function CreatePage() {
  const [made, setMade] = useState<CreatedKey | null>(null);
  const mayMake = useMay('keys:write');
  if (!mayMake)
    return <Page title="Create New Key"><Nothing title="Your role may not make keys">Developers make sandbox keys; admins and owners those of production as well.</Nothing></Page>;
  return made === null ? <CreateForm onMade={setMade} /> : <Made made={made} another={() => setMade(null)} />;
}
