// Style sheets are gathered by the bundler; a module only says which ones it needs.
declare module '*.css';
