import { render } from "preact";
import { App } from "./app";
import "./styles/index.css";
import { applyTheme, savedTheme } from "./ui/theme";

applyTheme(savedTheme());

const root = document.getElementById("app");
if (root) render(<App />, root);
