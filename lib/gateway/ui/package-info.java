/// The Cost & Usage page.
package lib.gateway.ui;
