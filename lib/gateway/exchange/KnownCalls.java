package lib.gateway.exchange;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The calls of an API that an allowlist can be held against: where each of them names the model that answers.
///
///     var calls = KnownCalls.of("v1", """
///             POST messages    BODY
///             GET  models/*    NOWHERE""");
///     calls.find("POST", List.of("v1", "messages"))   // Optional[Call[where=BODY, model=Optional.empty]]
///
/// In a path, `*` is one segment, `**` is one or more, and `{model}` is a model's name up to a colon.
public final class KnownCalls {
    /// Where a call names its model.
    public enum Where {
        /// In the outermost object of its JSON.
        BODY,
        /// In each of the requests that its JSON has.
        REQUESTS,
        /// In a field of a form, or in the outermost object of its JSON.
        FORM,
        /// In its path.
        PATH,
        /// It runs none, and may bring a file.
        FILE,
        /// It runs none.
        NOWHERE,
        /// In something that the upstream has, which the gateway does not see.
        HIDDEN,
        /// This is no call that is known.
        UNKNOWN
    }

    /// @param model the one in the path
    public record Call(Where where, Optional<String> model) {
        public static final Call UNKNOWN = new Call(Where.UNKNOWN, Optional.empty());
    }

    private record Known(String method, Pattern path, Where where) {
        static Known of(String line) {
            var words = line.strip().split("\\s+");
            return new Known(words[0], pattern(words[1]), Where.valueOf(words[2]));
        }

        private static Pattern pattern(String path) {
            return Pattern.compile(
                    Arrays.stream(path.split("/")).map(Known::segment).collect(Collectors.joining("/")));
        }

        private static String segment(String segment) {
            if (segment.equals("*")) return ID;
            if (segment.equals("**")) return ID + "(?:/" + ID + ")*";
            return segment.startsWith("{model}")
                    ? MODEL + Pattern.quote(segment.substring("{model}".length()))
                    : Pattern.quote(segment);
        }

        boolean takes(String method) {
            return this.method.equals(method) || this.method.equals("GET") && method.equals("HEAD");
        }
    }

    private static final String ID = "[A-Za-z0-9_][A-Za-z0-9_.:@~-]*";
    private static final String MODEL = "([A-Za-z0-9][A-Za-z0-9_.@-]*)";

    private final Pattern version;
    private final List<Known> known;

    private KnownCalls(Pattern version, List<Known> known) {
        this.version = version;
        this.known = known;
    }

    /// @param version what a path may begin with, as a regular expression
    /// @param calls a line for each: its method, its path, where its model is
    public static KnownCalls of(String version, String calls) {
        return new KnownCalls(
                Pattern.compile(version), calls.lines().map(Known::of).toList());
    }

    /// The call of that method and path; [Call#UNKNOWN] for any other. Paths are compared as they are: what a
    /// server might take for the same, such as another case or a slash more, is none of them.
    ///
    /// @param segments decoded, with the empty ones
    public Call find(String method, List<String> segments) {
        var rest = new ArrayList<>(segments);
        if (rest.size() > 1 && version.matcher(rest.getFirst()).matches()) rest.removeFirst();
        var path = String.join("/", rest);
        for (var call : known) {
            var matcher = call.path.matcher(path);
            if (call.takes(method) && matcher.matches()) return new Call(call.where, model(matcher));
        }
        return Call.UNKNOWN;
    }

    private static Optional<String> model(Matcher matcher) {
        return matcher.groupCount() == 0 ? Optional.empty() : Optional.of(matcher.group(1));
    }
}
