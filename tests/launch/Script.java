package tests.launch;

import java.util.Arrays;
import lib.agents.exec.GenericProgram;
import lib.base.UserError;
import lib.launch.Launch;
import lib.launch.RpkaiCommand;

/// Launch scripts, each in a process of its own, as it would be.
final class Script {
    private Script() {}

    /// @param args the script's name, and the arguments typed after it
    public static void main(String... args) {
        var typed = Arrays.copyOfRange(args, 1, args.length);
        System.exit(
                switch (args[0]) {
                    case "plain" ->
                        Launch.claude()
                                .through("demo")
                                .args("--permission-mode", "plan")
                                .variable("TICKET", "OPS-7")
                                .args(typed)
                                .run();
                    case "hooks" ->
                        Launch.claude()
                                .through("demo")
                                .args(typed)
                                .before(plan -> System.out.println(
                                        "before " + plan.argv().getFirst()))
                                .after(ended -> System.out.println("after " + ended))
                                .run();
                    case "refusing" ->
                        Launch.claude()
                                .through("demo")
                                .before(_ -> {
                                    throw new UserError("not on a Friday", "wait until Monday");
                                })
                                .run();
                    case "pretend" ->
                        Launch.of(new PretendAgent())
                                .through("demo-openai")
                                .args(typed)
                                .run();
                    case "conversation" ->
                        Launch.of(new GenericProgram())
                                .gateway(typed[0])
                                .through("openai")
                                .conversation("OPS-7")
                                .args("sh", "-c", typed[1])
                                .after(System.out::println)
                                .run();
                    case "command" -> RpkaiCommand.run(typed);
                    case "silently" -> RpkaiCommand.runSilently(typed);
                    default -> throw new IllegalArgumentException(args[0]);
                });
    }
}
