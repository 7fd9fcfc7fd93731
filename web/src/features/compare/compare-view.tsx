import "../player/player.css";
import "../player/facts.css";
import "../player/coach.css";
import "./compare.css";

import { useCallback, useMemo, useRef, useState } from "preact/hooks";

import { RetryIcon } from "../../components/icons.tsx";
import { Notice } from "../../components/notice.tsx";
import { LayerSwitches } from "../player/controls.tsx";
import { usualLayers } from "../player/draw.ts";
import { PlayerKeys } from "../player/key-help.tsx";
import type { SwitchName } from "../player/keys.ts";
import { SourceContext, useSource } from "../player/source.ts";
import { sideNames, type Compared, type Comparison, type SideName } from "./comparison.ts";
import { Differences } from "./differences.tsx";
import { GroundChoice, obstacleOf, type Ground } from "./grounds.tsx";
import { Measures } from "./measures.tsx";
import { pairSource } from "./pair-source.ts";
import { PairControls } from "./pair-controls.tsx";
import { Pictures } from "./pictures.tsx";
import { Sections } from "./sections.tsx";
import { usePair, useSide, type Pair, type Side } from "./use-pair.ts";
import { usePairTools } from "./use-pair-tools.ts";
import { headlineWords, words } from "./words.ts";

/** Two attempts beside each other, each from where whoever looks may read it. */
export function CompareView({ comparison, compared }: { comparison: Comparison; compared: Compared }) {
  const own = useSource();
  const others = sideNames.map((name) => comparison[name]).filter(({ climber }) => climber !== null);
  const theirs = others.map(({ analysis_id: id }) => id).join(" ");
  const source = useMemo(() => (theirs === "" ? own : pairSource(own, theirs.split(" "))), [own, theirs]);
  return (
    <SourceContext.Provider value={source}>
      <Beside comparison={comparison} compared={compared} />
    </SourceContext.Provider>
  );
}

/** What it cost, both in motion, and where they differ. */
function Beside({ comparison, compared }: { comparison: Comparison; compared: Compared }) {
  const sides = { first: useSide(comparison, "first"), second: useSide(comparison, "second") };
  const { pair, isBroken } = usePair(compared, sides.first, sides.second);
  const { ground, layers, setGround, onSwitch } = useSwitches(pair);
  const tools = usePairTools(pair, compared, ground);
  const pictures = useRef<HTMLDivElement>(null);
  const onJump = (step: number) => {
    pair?.playback.seek(step);
    pictures.current?.scrollIntoView({ block: "nearest" });
  };
  const { what, why } = headlineWords(compared);
  return (
    <div class="compare" data-wide={isWide(pair)} aria-busy={pair === null} data-testid="compare">
      <section class="compare-headline" data-testid="headline">
        <h2>{what}</h2>
        <p>{why}</p>
      </section>
      {isBroken && <Notice kind="error">{words().broken}</Notice>}
      <div class="compare-pictures" ref={pictures}>
        {sideNames.map((name) => (
          <Missing key={name} side={sides[name]} name={name} />
        ))}
        <Pictures sides={sides} pair={pair} compared={compared} ground={ground} layers={layers} tools={tools} />
        <div class="controls">{pair !== null && <PairControls pair={pair} compared={compared} tools={tools} />}</div>
        <GroundChoice pair={pair} ground={ground} onChange={setGround} />
        <p class="facts-note">{words().how}</p>
      </div>
      {pair !== null && (
        <div class="compare-facts">
          <Differences pair={pair} compared={compared} onJump={onJump} />
          <Sections pair={pair} compared={compared} onJump={onJump} />
          <Measures compared={compared} />
          <section class="facts">
            <h2>{words().drawn}</h2>
            <LayerSwitches layers={layers} onToggle={onSwitch} without={["support", "loads"]} />
          </section>
          <PlayerKeys result={pair.track} playback={pair.playback} onSwitch={onSwitch} tools={tools} />
        </div>
      )}
    </div>
  );
}

/** What is drawn, and on what; videos beside each other where nothing else is possible. */
function useSwitches(pair: Pair | null) {
  const [layers, setLayers] = useState(usualLayers);
  const [wanted, setGround] = useState<Ground>("video");
  const ground = pair === null || obstacleOf(pair, wanted) !== null ? "video" : wanted;
  const onSwitch = useCallback((name: SwitchName) => {
    if (name === "wall") setGround((now) => (now === "wall" ? "video" : "wall"));
    else setLayers((now) => ({ ...now, [name]: !now[name] }));
  }, []);
  return { ground, layers, setGround, onSwitch };
}

/** Clips that are wider than high stand one above the other on a phone. */
function isWide(pair: Pair | null): boolean {
  return pair !== null && sideNames.some((name) => pair.results[name].facts.video.width_px > pair.results[name].facts.video.height_px);
}

/** What of one of the two does not come, and a way to ask for it again where that may help. */
function Missing({ side: { result, again, clip }, name }: { side: Side; name: SideName }) {
  const why = result.state === "failed" ? result.reason : clip.missing;
  const retry = result.state === "failed" ? again : clip.again;
  if (why === null) return null;
  return (
    <div class="player-stopped">
      <Notice kind={result.state === "failed" ? "error" : "info"} testId={`missing-${name}`}>
        {words().sides[name]}: {why}
      </Notice>
      {retry !== null && (
        <button type="button" class="button" onClick={retry}>
          <RetryIcon /> {words().retry}
        </button>
      )}
    </div>
  );
}
