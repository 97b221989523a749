package lib.doctor;

import java.time.ZoneId;
import lib.base.Host;

/// The machine that the doctor examines.
///
///     new Machine(host, Platform.LINUX, ZoneId.systemDefault())
///
/// @param platform its operating system
/// @param zone the time zone of the times that are printed
public record Machine(Host host, Platform platform, ZoneId zone) {}
