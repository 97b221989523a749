/// Tables, colours, progress and widths on a terminal.
package lib.terminal;
