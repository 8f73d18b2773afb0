// line.tsx - one record on one line: what happened, asked for what, by whom, from where.
import { Collapse } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { memo, useId, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import type { RecordLine } from '../api/events';
import { EnvironmentTag } from '../parts/environment';
import { Moment } from '../parts/moment';
import type { Environment } from '../parts/words';
import { Fields } from './fields';
import classes from './line.module.css';
import { ToneMark } from './mark';
import { Who } from './who';
import { codeOf, detailOf, titleOf, toneOf } from './words';

/** A record with a request id has a page of its own; any other opens where it stands. */
export const Line = memo(function Line({ line, showsAccount }: { line: RecordLine; showsAccount: boolean }) {
  if (line.request_id === undefined) return <OpeningLine line={line} showsAccount={showsAccount} />;
  return (
    <li className={classes.line} data-tone={toneOf(line)}>
      <Cells line={line} showsAccount={showsAccount}>
        <Link href={`/activity/${line.request_id}`} className={classes.title}>{titleOf(line)}</Link>
      </Cells>
    </li>
  );
});

function OpeningLine({ line, showsAccount }: { line: RecordLine; showsAccount: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <li className={classes.line} data-tone={toneOf(line)} data-open={isOpen || undefined}>
      <Cells line={line} showsAccount={showsAccount}>
        <button type="button" className={classes.title} aria-expanded={isOpen} aria-controls={id} onClick={() => setOpen(!isOpen)}>
          {titleOf(line)}
          <IconChevronDown size={14} className={classes.chevron} aria-hidden />
        </button>
      </Cells>
      <Collapse expanded={isOpen} id={id}>
        <div className={classes.details}>{isOpen && <Fields line={line} />}</div>
      </Collapse>
    </li>
  );
}

function Cells({ line, showsAccount, children }: { line: RecordLine; showsAccount: boolean; children: ReactNode }) {
  const code = codeOf(line);
  return (
    <div className={classes.cells}>
      <span className={classes.time}><Moment at={line.time} form="clock" /></span>
      <ToneMark tone={toneOf(line)} />
      <span className={classes.what}>
        {children}
        {code !== undefined && code !== 'allowed' && <span className={classes.code}>{code}</span>}
      </span>
      <span className={classes.request}><Asked line={line} /></span>
      <span className={classes.who}>
        <Who line={line} />
        {showsAccount && line.account !== undefined && <span className={classes.account}>{line.account}</span>}
      </span>
      <span className={classes.source}>{line.source}</span>
      <span className={classes.status}>{line.status}</span>
    </div>
  );
}

function Asked({ line }: { line: RecordLine }) {
  if (line.method === undefined) return <bdi className={classes.text}>{detailOf(line)}</bdi>;
  return (
    <>
      <span className={classes.path}><b>{line.method}</b> {line.path}</span>
      {line.environment !== undefined && <EnvironmentTag value={line.environment as Environment} />}
    </>
  );
}
