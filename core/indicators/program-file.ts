/** Programs that come with Windows or were installed for all: their hashes and paths say nothing of an attack. */
const INSTALLED =
  /^[a-z]:\\(?:windows\\(?:(?:explorer|splwow64|regedit|notepad|hh|write|helppane|bfsvc|winhlp32)\.exe$|system32\\|syswow64\\|sysnative\\|winsxs\\|servicing\\|systemapps\\|immersivecontrolpanel\\|microsoft\.net\\)|program files(?: \(x86\))?\\|programdata\\microsoft\\windows defender\\)/i
/** What is run, or makes another program run something, when it is opened. */
const RUNS =
  /\.(?:exe|dll|scr|com|pif|cpl|sys|msi|msix|appx|ps1|psm1|vbs|vbe|js|jse|wsf|wsh|hta|bat|cmd|lnk|url|jar|py|xll|docm|dotm|xlsm|xlam|xltm|pptm|ppam|one|chm|iso|img|vhdx?|zip|rar|7z|cab|gz|html?|svg|rtf)$/i

export const isInstalledProgram = (path: string): boolean => INSTALLED.test(path)
export const isRunnableFile = (name: string): boolean => RUNS.test(name)
