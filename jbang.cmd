@echo off
rem rpkai bootstrap: runs JBang, the tool that compiles and starts rpkai, with the given arguments.
rem
rem   .\jbang rpkai.java ARGS...
rem
rem This is the Windows twin of the shell script "jbang" next to it; it does the same in the same
rem order. cmd's variables are all environment variables, so the setlocal here is undone on the very
rem line that starts a program: nothing that is called RPKAI_* ever reaches it.
rem This file needs CR LF line ends: cmd may miss a label otherwise.
setlocal EnableExtensions DisableDelayedExpansion

rem What rpkai's //JAVA line asks for, and what JBang itself can run on
set "RPKAI_JDK_MIN=25"
set "RPKAI_JVM_MIN=11"
set "RPKAI_VERSION=0.132.1"
set "RPKAI_SHA256=f977075849cff866f45b27997f5671ab8a336a5dd3cf9e702b3479128338f3a7"
set "RPKAI_REPO=https://repo1.maven.org/maven2"
if defined JBANG_BOOTSTRAP_REPO set "RPKAI_REPO=%JBANG_BOOTSTRAP_REPO%"
if "%RPKAI_REPO:~-1%"=="/" set "RPKAI_REPO=%RPKAI_REPO:~0,-1%"
set "RPKAI_URL=%RPKAI_REPO%/dev/jbang/jbang-cli/%RPKAI_VERSION%/jbang-cli-%RPKAI_VERSION%-all.jar"

rem ---- Find a JDK -------------------------------------------------------------------------------

set "RPKAI_JDK="
set "RPKAI_JVM="
set "RPKAI_HOME="
if defined JAVA_HOME set "RPKAI_HOME=%JAVA_HOME:"=%"
call :try_home

set "RPKAI_HOME="
for %%J in (java.exe) do set "RPKAI_HOME=%%~dp$PATH:J"
if defined RPKAI_HOME for %%J in ("%RPKAI_HOME%..") do set "RPKAI_HOME=%%~fJ"
call :try_home

set "RPKAI_DIR=%USERPROFILE%\.jbang"
if defined JBANG_DIR set "RPKAI_DIR=%JBANG_DIR%"
set "RPKAI_JDKS=%RPKAI_DIR%\cache\jdks"
if defined JBANG_CACHE_DIR set "RPKAI_JDKS=%JBANG_CACHE_DIR%\jdks"
for /d %%D in (
  "%ProgramFiles%\Eclipse Adoptium\*"
  "%ProgramFiles%\Java\*"
  "%ProgramFiles%\Microsoft\*"
  "%ProgramFiles%\Amazon Corretto\*"
  "%ProgramFiles%\Zulu\*"
  "%ProgramFiles%\BellSoft\*"
  "%USERPROFILE%\.jdks\*"
  "%USERPROFILE%\.sdkman\candidates\java\*"
  "%RPKAI_DIR%\currentjdk"
  "%RPKAI_JDKS%\*"
) do (
  set "RPKAI_HOME=%%~D"
  call :try_home
)

rem ---- A jbang on the PATH? ---------------------------------------------------------------------

set "RPKAI_FOUND="
set "RPKAI_PATH=%PATH:"=%"
for %%D in ("%RPKAI_PATH:;=" "%") do for %%N in (jbang.exe jbang.cmd jbang.bat) do (
  set "RPKAI_TRY=%%~D\%%N"
  if not "%%~D"=="" call :try_jbang
)
if not defined RPKAI_FOUND goto :own_jbang
if not defined RPKAI_JDK set "RPKAI_JDK=%JAVA_HOME%"
endlocal & setlocal & set "JAVA_HOME=%RPKAI_JDK%" & "%RPKAI_FOUND%" %*
exit /b %ERRORLEVEL%

rem ---- Otherwise our own, downloaded once -------------------------------------------------------

:own_jbang
set "RPKAI_JAVA=%RPKAI_JVM%"
if defined RPKAI_JDK set "RPKAI_JAVA=%RPKAI_JDK%"
if defined RPKAI_JAVA goto :have_java
>&2 echo rpkai: no Java found: install a JDK of version %RPKAI_JDK_MIN% or newer ("winget install EclipseAdoptium.Temurin.%RPKAI_JDK_MIN%.JDK", or from https://adoptium.net), or set JAVA_HOME to where one is.
exit /b 1

:have_java
set "RPKAI_CACHE=%LOCALAPPDATA%\rpkai"
if not defined LOCALAPPDATA set "RPKAI_CACHE=%USERPROFILE%\AppData\Local\rpkai"
set "RPKAI_JAR=%RPKAI_CACHE%\jbang-cli-%RPKAI_VERSION%-all.jar"
if exist "%RPKAI_JAR%" goto :have_jar

rem The jar appears under its name only when complete and verified, so several of these may run at
rem once; whoever is second discards its download. PowerShell takes proxies from Windows' settings,
rem not from the environment, hence $proxy.
if not exist "%RPKAI_CACHE%\" mkdir "%RPKAI_CACHE%" 2>nul
>&2 echo rpkai: downloading JBang %RPKAI_VERSION%
powershell -NoProfile -NonInteractive -ExecutionPolicy Bypass -Command ^
  "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'; $code = 1;" ^
  "$tmp = $env:RPKAI_JAR + '.' + [Guid]::NewGuid();" ^
  "$proxy = @{}; if ($env:HTTPS_PROXY) { $proxy.Proxy = $env:HTTPS_PROXY };" ^
  "try {" ^
  "  [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12;" ^
  "  Invoke-WebRequest -UseBasicParsing -Uri $env:RPKAI_URL -OutFile $tmp @proxy;" ^
  "  if ((Get-FileHash -Algorithm SHA256 -LiteralPath $tmp).Hash -ne $env:RPKAI_SHA256) {" ^
  "    throw 'wrong SHA-256 checksum, discarded the download' };" ^
  "  try { [IO.File]::Move($tmp, $env:RPKAI_JAR) }" ^
  "  catch { if (-not (Test-Path -LiteralPath $env:RPKAI_JAR)) { throw } };" ^
  "  $code = 0" ^
  "} catch { [Console]::Error.WriteLine('rpkai: could not download JBang: ' + $_.Exception.Message) }" ^
  "finally { Remove-Item -LiteralPath $tmp -Force -ErrorAction SilentlyContinue };" ^
  "exit $code"
if errorlevel 1 exit /b 1

:have_jar
rem A folder of our own for JBang's output. mkdir tells if another one has just taken the name:
rem RANDOM alone does not differ between two cmds that are started within the same second.
set "RPKAI_TRIES=0"
:new_folder
set /a RPKAI_TRIES+=1
if %RPKAI_TRIES% gtr 50 (
  >&2 echo rpkai: cannot write to "%RPKAI_CACHE%"
  exit /b 1
)
set "RPKAI_TMP=%RPKAI_CACHE%\run-%RANDOM%-%RANDOM%"
mkdir "%RPKAI_TMP%" 2>nul || goto :new_folder

rem JBang prints UTF-8, so that is what cmd must read. As with JBang's own launcher, this lasts until
rem the program ends, and JBANG_WIN_UTF8=false turns it off.
set "RPKAI_CP="
if /i not "%JBANG_WIN_UTF8%"=="false" for /f "tokens=2 delims=:." %%C in ('chcp') do set "RPKAI_CP=%%C"
if defined RPKAI_CP chcp 65001 >nul

rem JBang compiles and then, instead of starting the program, prints the command line that does, and
rem exits with 255. Any other exit code means that it was JBang's own command and this is its output.
rem What is set here is for JBang alone. "timeout" fails when stdin is no console: then JBang may not
rem ask questions. JBang runs so briefly that the JVM's second compiler costs more than it gains.
setlocal
if defined RPKAI_JDK set "JAVA_HOME=%RPKAI_JDK%"
set "JBANG_RUNTIME_SHELL=cmd"
set "JBANG_LAUNCH_CMD=%~f0"
set "JBANG_STDIN_NOTTY=true"
"%SystemRoot%\System32\timeout.exe" /t 0 >nul 2>nul && set "JBANG_STDIN_NOTTY=false"
if not defined JBANG_NO_VERSION_CHECK set "JBANG_NO_VERSION_CHECK=true"
>"%RPKAI_TMP%\out" "%RPKAI_JAVA%\bin\java.exe" -XX:TieredStopAtLevel=1 -Dfile.encoding=UTF-8 %JBANG_JAVA_OPTIONS% -cp "%RPKAI_JAR%" dev.jbang.Main %*
endlocal & set "RPKAI_CODE=%ERRORLEVEL%"

set "RPKAI_COMMAND="
if not "%RPKAI_CODE%"=="255" goto :print
for /f "usebackq delims=" %%L in ("%RPKAI_TMP%\out") do if not defined RPKAI_COMMAND set "RPKAI_COMMAND=%%L"
if not defined RPKAI_COMMAND goto :print
rmdir /s /q "%RPKAI_TMP%"
endlocal & %RPKAI_COMMAND% & call :restore %RPKAI_CP%
exit /b %ERRORLEVEL%

:print
type "%RPKAI_TMP%\out"
rmdir /s /q "%RPKAI_TMP%"
if defined RPKAI_CP chcp %RPKAI_CP% >nul 2>nul
exit /b %RPKAI_CODE%

rem ---- Subroutines ------------------------------------------------------------------------------

rem Takes RPKAI_HOME as RPKAI_JDK if it is a new enough JDK. If not, remembers it as RPKAI_JVM when
rem it is the first that can run JBang at least. The version is read from a file, as asking
rem "java -version" would slow down every single run. *.tmp and *.old are JBang's unfinished ones.
:try_home
if defined RPKAI_JDK exit /b
if not defined RPKAI_HOME exit /b
if /i "%RPKAI_HOME:~-4%"==".tmp" exit /b
if /i "%RPKAI_HOME:~-4%"==".old" exit /b
if not exist "%RPKAI_HOME%\bin\java.exe" exit /b
if not exist "%RPKAI_HOME%\release" exit /b
set "RPKAI_MAJOR=0"
for /f "usebackq tokens=1,2 delims==" %%A in ("%RPKAI_HOME%\release") do (
  if "%%A"=="JAVA_VERSION" for /f "delims=.-+_" %%M in ("%%~B") do set "RPKAI_MAJOR=%%M"
)
if %RPKAI_MAJOR% geq %RPKAI_JDK_MIN% if exist "%RPKAI_HOME%\bin\javac.exe" set "RPKAI_JDK=%RPKAI_HOME%"
if %RPKAI_MAJOR% geq %RPKAI_JVM_MIN% if not defined RPKAI_JVM set "RPKAI_JVM=%RPKAI_HOME%"
exit /b

rem Takes RPKAI_TRY as RPKAI_FOUND if it is there and not this script or another project's copy:
rem running that would never come to an end. The second line tells.
:try_jbang
if defined RPKAI_FOUND exit /b
if not exist "%RPKAI_TRY%" exit /b
"%SystemRoot%\System32\findstr.exe" /b /c:"rem rpkai bootstrap:" "%RPKAI_TRY%" >nul && exit /b
set "RPKAI_FOUND=%RPKAI_TRY%"
exit /b

rem Sets the code page back, keeping the program's exit code.
:restore
setlocal
set "RPKAI_CODE=%ERRORLEVEL%"
if not "%~1"=="" chcp %1 >nul 2>nul
exit /b %RPKAI_CODE%
