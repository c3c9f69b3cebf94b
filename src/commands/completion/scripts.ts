/** The scripts that make a shell ask `stsctl __complete`. */

export const BASH = `# bash completion for stsctl
__start_stsctl() {
    local line="\${COMP_LINE:0:COMP_POINT}" words cur out directive prefix candidate program
    read -ra words <<<"$line"
    [[ "$line" == *[[:space:]] ]] && words+=("")
    cur="\${words[\${#words[@]} - 1]}"
    program="\${words[0]}"
    type -P -- "$program" >/dev/null || program=stsctl
    out="$("$program" __completeNoDesc "\${words[@]:1}" 2>/dev/null)" || return
    directive="\${out##*:}"
    out="\${out%:*}"
    # bash takes what stands behind the last of these for the word.
    prefix=""
    [[ "$COMP_WORDBREAKS" == *=* && "$cur" == *=* ]] && prefix="\${cur%"\${cur##*=}"}"
    [[ "$COMP_WORDBREAKS" == *:* && "$cur" == *:* ]] && prefix="\${cur%"\${cur##*:}"}"
    COMPREPLY=()
    while IFS= read -r candidate; do
        [[ -n "$candidate" ]] && COMPREPLY+=("\${candidate#"$prefix"}")
    done <<<"$out"
    if ((directive & 2)) && [[ $(type -t compopt) == builtin ]]; then compopt -o nospace; fi
    if ((!(directive & 4))) && [[ $(type -t compopt) == builtin ]]; then compopt -o default; fi
    return 0
}
complete -F __start_stsctl stsctl
`;

export const ZSH = `#compdef stsctl
# zsh completion for stsctl
_stsctl() {
    local out directive line tab=$'\\t'
    local -a candidates
    out="$(stsctl __complete "\${(@Q)words[2,CURRENT-1]}" "\${(Q)words[CURRENT]}" 2>/dev/null)" || return 1
    directive="\${out##*:}"
    out="\${out%:*}"
    for line in "\${(@f)out}"; do
        [[ -n "$line" ]] || continue
        line="\${line//:/\\\\:}"
        candidates+=("\${line/$tab/:}")
    done
    if (( !(directive & 4) )); then
        # A file behind --flag= keeps the flag before it.
        [[ "$words[CURRENT]" == --*=* ]] && compset -P '*='
        _files
        return
    fi
    if (( directive & 2 )); then
        _describe -V 'stsctl' candidates -S ''
    else
        _describe -V 'stsctl' candidates
    fi
}
if [[ "$funcstack[1]" == "_stsctl" ]]; then
    _stsctl
else
    compdef _stsctl stsctl
fi
`;

export const FISH = `# fish completion for stsctl
function __stsctl_complete
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    set -l out (stsctl __complete $typed[2..-1] "$current" 2>/dev/null)
    test (count $out) -gt 0; or return 1
    set -l directive (string replace ':' '' -- $out[-1])
    set -e out[-1]
    if test (math "floor($directive / 4) % 2") -eq 0
        # A file behind --flag= keeps the flag before it.
        set -l flag (string match -r -- '^--[^=]+=' "$current")
        for path in (__fish_complete_path (string replace -r -- '^--[^=]+=' '' "$current"))
            printf '%s%s\\n' "$flag" $path
        end
        return
    end
    printf '%s\\n' $out
end
complete -c stsctl -e
complete -c stsctl -f -k -a '(__stsctl_complete)'
`;

export const POWERSHELL = `# PowerShell completion for stsctl
Register-ArgumentCompleter -Native -CommandName 'stsctl' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $typed = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    $current = $wordToComplete
    # Older versions drop an empty argument.
    if ($current -eq '' -and ($PSVersionTable.PSVersion -lt [version]'7.3.0' -or $PSNativeCommandArgumentPassing -eq 'Legacy')) {
        $current = '""'
    }
    $out = @(& stsctl __complete @typed $current 2>$null)
    if ($out.Count -eq 0) { return }
    $directive = [int]$out[-1].Substring(1)
    if (-not ($directive -band 4)) { return }
    $out | Select-Object -SkipLast 1 | ForEach-Object {
        $value, $description = $_ -split "\`t", 2
        if (-not $description) { $description = $value }
        $shown = if ($directive -band 2) { $value } else { "$value " }
        [System.Management.Automation.CompletionResult]::new($shown, $value, 'ParameterValue', $description)
    }
}
`;
