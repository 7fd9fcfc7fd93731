import { useLayoutEffect, useRef, type MutableRef } from "preact/hooks";

/** A canvas with one dot per dot of the screen: `draw` is called at once and whenever its size changes. */
export function useFittedCanvas(draw: (canvas: HTMLCanvasElement) => void): MutableRef<HTMLCanvasElement | null> {
  const ref = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const canvas = ref.current;
    if (canvas === null) return undefined;
    const fit = () => {
      const width = Math.round(canvas.clientWidth * window.devicePixelRatio);
      const height = Math.round(canvas.clientHeight * window.devicePixelRatio);
      if (canvas.width !== width || canvas.height !== height) {
        canvas.width = width;
        canvas.height = height;
      }
      draw(canvas);
    };
    const sizes = new ResizeObserver(fit);
    sizes.observe(canvas);
    fit();
    return () => sizes.disconnect();
  }, [draw]);
  return ref;
}
