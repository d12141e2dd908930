import type { ApiReference, FieldView, OperationView, TypeWord } from '../api-reference.ts';
import { type Frame, Layout } from '../layout.tsx';

export interface ApiPageProps extends ApiReference {
  frame: Frame;
  /** Where the document is that programs read. */
  document: string;
  codes: { code: string; title: string; status: number; advice: string }[];
}

/** What programs can do here: every operation, every shape, every error. */
export function ApiPage({ frame, document, chapters, shapes, codes }: ApiPageProps) {
  return (
    <Layout
      frame={frame}
      title="API"
      description="Everything that these pages show, and everything that people may change, for programs."
      alternates={[{ type: 'application/json', href: document }]}
    >
      <header class="page-head">
        <p class="kicker">For programs</p>
        <h1>API</h1>
        <p class="lead">
          Everything that these pages show, and everything that people may change, below <code>/api/v1</code>.
          A program reads the same in <a href={document}>openapi.json</a> (OpenAPI 3.1).
        </p>
      </header>
      <div class="api">
        <section>
          <h2>In short</h2>
          <ul>
            <li>
              Reading needs no account. Else send a token of your account page:{' '}
              <code>Authorization: Bearer muster_…</code>. It may what its scopes say, and never more than
              you.
            </li>
            <li>
              A list has <code>items</code> and <code>next</code>: ask again with <code>cursor</code> set to
              that, or follow the header <code>Link</code>.
            </li>
            <li>
              Every answer has an <code>ETag</code>. Sent as <code>If-None-Match</code>, what did not change
              is answered 304.
            </li>
            <li>
              Every change goes one way: <code>POST /changes</code> with the version of each field that you
              saw, or <code>PUT</code> of one field with its ETag as <code>If-Match</code>. Whoever may not
              decide proposes (202).
            </li>
            <li>
              What goes wrong is <code>application/problem+json</code> (RFC 9457) with a code of{' '}
              <a href="#codes">this list</a>.
            </li>
          </ul>
        </section>
        {chapters.map(({ title, description, operations }) => (
          <section>
            <h2>{title}</h2>
            <p>{description}</p>
            {operations.map((one) => (
              <Operation one={one} />
            ))}
          </section>
        ))}
        <section>
          <h2>Shapes</h2>
          {shapes.map(({ name, description, type, fields }) => (
            <details id={`shape-${name}`}>
              <summary>{name}</summary>
              {description === '' ? null : (
                <p>
                  <Words text={description} />
                </p>
              )}
              {fields.length > 0 ? (
                <Fields fields={fields} />
              ) : (
                <p>
                  <Type words={type} />
                </p>
              )}
            </details>
          ))}
        </section>
        <section id="codes">
          <h2>What goes wrong</h2>
          <div class="wide">
            <table>
              <thead>
                <tr>
                  <th scope="col">Code</th>
                  <th scope="col">Status</th>
                  <th scope="col">What to do</th>
                </tr>
              </thead>
              <tbody>
                {codes.map(({ code, status, advice }) => (
                  <tr id={code}>
                    <th scope="row">
                      <code>{code}</code>
                    </th>
                    <td>{status}</td>
                    <td>{advice}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      </div>
    </Layout>
  );
}

function Operation({ one }: { one: OperationView }) {
  const { id, method, path, summary, description, role, parameters, body, answers } = one;
  return (
    <details id={id}>
      <summary>
        <code>
          {method} {path}
        </code>{' '}
        <Words text={summary} />
      </summary>
      {description === null ? null : (
        <p>
          <Words text={description} />
        </p>
      )}
      <p class="quiet">
        {role === 'visitor' ? 'Needs no account.' : `Takes the role ${role}.`} Called <code>{id}</code>.
      </p>
      {parameters.length === 0 ? null : (
        <>
          <h3>Parameters</h3>
          <Fields fields={parameters.map((each) => ({ ...each, name: `${each.name} (${each.where})` }))} />
        </>
      )}
      {body === null ? null : (
        <>
          <h3>Body</h3>
          {body.fields.length === 0 ? (
            <p>
              <Type words={body.type} />
            </p>
          ) : (
            <Fields fields={body.fields} />
          )}
        </>
      )}
      <h3>Answers</h3>
      <ul>
        {answers.map(({ status, description: words, type }) => (
          <li>
            <strong>{status}</strong> {words}: <Type words={type} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function Fields({ fields }: { fields: readonly FieldView[] }) {
  return (
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col">What it is</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ name, type, required, description }) => (
            <tr>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>
                <Type words={type} />
              </td>
              <td>
                <Words text={description} />
                {required ? null : <span class="quiet"> optional</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Type({ words }: { words: readonly TypeWord[] }) {
  return (
    <>
      {words.map(({ text, shape }) =>
        shape === null ? <span>{text}</span> : <a href={`#shape-${shape}`}>{text}</a>,
      )}
    </>
  );
}

/** Words of the document, with what stands in backticks as code. */
function Words({ text }: { text: string }) {
  return <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>;
}
