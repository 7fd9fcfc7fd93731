import js from "@eslint/js";
import importX, { createNodeResolver } from "eslint-plugin-import-x";
import accessibility from "eslint-plugin-jsx-a11y-x";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

const features = ["accounts", "account", "letters", "uploads", "filming", "analyses", "player", "stills", "corrections", "compare", "climber", "progress", "operator", "privacy", "plans", "sharing", "device", "demo", "introduction"];
// What is done on the player's picture is drawn with the player's parts.
const uses = { player: ["stills"], corrections: ["player"], compare: ["player", "sharing"], demo: ["player"], plans: ["account"], privacy: ["account"], sharing: ["player", "account"] };

// The arrows: app -> features -> components | lib. A feature imports no other feature but those of `uses`.
const zones = [
  { target: "./src/lib", from: ["./src/app", "./src/features", "./src/components"] },
  { target: "./src/components", from: ["./src/app", "./src/features"] },
  { target: "./src/features", from: "./src/app" },
  ...features.map((feature) => ({
    target: `./src/features/${feature}`,
    from: features.filter((other) => other !== feature && !uses[feature]?.includes(other)).map((other) => `./src/features/${other}`),
  })),
];

export default ts.config(
  { ignores: ["dist/", "node_modules/", "src/client.gen.ts", "src/result.gen.ts"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [...ts.configs.strictTypeChecked, accessibility.configs.recommended],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { "import-x": importX, "react-hooks": hooks },
    settings: { "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".tsx"] })] },
    rules: {
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones }],
      "import-x/no-cycle": "error",
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "max-lines": ["error", { max: 500 }],
      "max-lines-per-function": ["error", { max: 60, skipComments: true, skipBlankLines: true }],
      "max-params": ["error", { max: 7 }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["**/*.test.ts"],
    rules: { "@typescript-eslint/no-floating-promises": "off", "max-lines-per-function": "off" },
  },
);
