package lib.cli.auth;

import lib.cli.base.Context;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `rpkai cloud`: the sign-in under the name that users of rpk know. Signing out is `auth logout`.
public final class CloudCommand {
    @Command(
            name = "login",
            description = "Signs in with a browser; the same as auth login.",
            footer = {"", "Example:", "  rpkai cloud login --no-profile"})
    public static final class Login implements Runnable {
        @Option(names = "--no-profile", description = "Do not select an environment.")
        boolean noProfile;

        @Option(names = "--no-browser", description = "Print the address of the page instead of opening a browser.")
        boolean noBrowser;

        private final Context context;

        public Login(Context context) {
            this.context = context;
        }

        @Override
        public void run() {
            var settings = context.settings(true);
            var credentials = AuthCommand.Login.signIn(context, settings, settings.cloud(), noBrowser);
            if (!noProfile) new EnvironmentPicker(context, settings).pick(credentials);
        }
    }
}
