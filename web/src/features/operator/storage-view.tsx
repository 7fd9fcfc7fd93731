import { Notice } from "../../components/notice.tsx";
import { formatBytes, formatWhen } from "../../lib/format.ts";
import { useLoaded } from "../../lib/use-loaded.ts";
import { Growth } from "./growth.tsx";
import { loadStorage, type Storage } from "./requests.ts";
import { nameOf, words } from "./words.ts";

/** What is stored, counted once when it is looked at: each count reads whole tables. */
export function StorageView() {
  const { value, reason, reload } = useLoaded(loadStorage);
  const { counted, countAgain, loading } = words();
  return (
    <>
      {reason !== null && <Notice kind="error">{reason}</Notice>}
      {value === null && reason === null && <p aria-busy="true">{loading}</p>}
      {value !== null && (
        <div class="operator" data-testid="storage">
          <p class="operator-soft">{counted(formatWhen(value.counted_at))}</p>
          <Amounts amounts={value.amounts} />
          <div class="operator-beside">
            <Going storage={value} />
            <Checked />
          </div>
          <Growth days={value.days} />
          <div class="operator-job-actions">
            <button type="button" class="button" onClick={reload} data-testid="count-again">
              {countAgain}
            </button>
          </div>
        </div>
      )}
    </>
  );
}

/** Each kind as a bar, with the same in words. */
function Amounts({ amounts }: { amounts: Storage["amounts"] }) {
  const { stored, kindsStored, objects, unknownSize, nothingStored } = words();
  const shown = amounts.filter((one) => one.objects > 0);
  const largest = Math.max(1, ...shown.map((one) => one.bytes ?? 0));
  const total = shown.reduce((sum, one) => sum + (one.bytes ?? 0), 0);
  return (
    <section class="operator-part" aria-labelledby="operator-stored">
      <h2 id="operator-stored">{stored(formatBytes(total))}</h2>
      {shown.length === 0 && <p class="operator-soft">{nothingStored}</p>}
      <ul>
        {shown.map((one) => (
          <li key={one.kind} class="operator-amount" data-testid={`stored-${one.kind}`}>
            <h3>{nameOf(kindsStored, one.kind)}</h3>
            <div class="operator-bar" aria-hidden="true">
              <span class="operator-bar-waiting" style={{ flexBasis: `${(100 * (one.bytes ?? 0)) / largest}%` }} />
            </div>
            <p>
              {one.bytes === null ? unknownSize : formatBytes(one.bytes)} <span class="operator-soft">· {objects(one.objects)}</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Going({ storage: { expiring, leftovers } }: { storage: Storage }) {
  const { going, endsSoon, noLeftovers, leftoversWait } = words();
  const days = Math.round(expiring.within_s / 86_400);
  return (
    <section class="operator-part" aria-labelledby="operator-going">
      <h2 id="operator-going">{going}</h2>
      <p data-testid="storage-expiring">{endsSoon(days, expiring.objects, formatBytes(expiring.bytes))}</p>
      <p data-testid="storage-leftovers">{leftovers.oldest_at === null ? noLeftovers : leftoversWait(leftovers.objects, formatWhen(leftovers.oldest_at))}</p>
    </section>
  );
}

/** Rows are counted here; whether the bucket says the same, is asked on the machine. */
function Checked() {
  const { checkTitle, checkText } = words();
  return (
    <section class="operator-part" aria-labelledby="operator-check">
      <h2 id="operator-check">{checkTitle}</h2>
      <p>{checkText}</p>
      <p>
        <code>ascension storage check</code>
      </p>
    </section>
  );
}
