# Spend Cloud connector for HelloID: update.ps1
# Paste it into Account > Update. For Windows PowerShell 5.1 and PowerShell 7; nothing to install.
# Made from tools/helloid-kit by npm run kit: change it there.

# What HelloID leaves out counts as null here, also where strict mode is on.
Set-StrictMode -Off

# Where the caller chose to go on silently, PowerShell passes over a throw too, and a failed import would look empty.
$ErrorActionPreference = 'Stop'

function Invoke-Connector {
    param (
        [string] $Action,
        [hashtable] $Body,
        [int] $TimeoutSec
    )

    # Windows PowerShell 5.1 may have been started with old protocols only. 0 means that Windows chooses: leave that so.
    if (([int] [System.Net.ServicePointManager]::SecurityProtocol) -ne 0) {
        [System.Net.ServicePointManager]::SecurityProtocol = [System.Net.ServicePointManager]::SecurityProtocol -bor [System.Net.SecurityProtocolType]::Tls12
    }

    # Checked here, because an exception about an impossible header or address could show the key.
    $baseUrl = "$($actionContext.Configuration.BaseUrl)".Trim().TrimEnd('/')
    if ($baseUrl -notmatch '^https?://[^/?]+[^?]*$') {
        throw 'The address in the configuration of this system is not complete; expected something like https://server:7071/api'
    }
    $key = "$($actionContext.Configuration.Key)".Trim()
    if ($key -notmatch '^[\x21-\x7E]+$') {
        throw 'The agent key in the configuration of this system is empty, or holds a character that no key has'
    }

    # Sent as bytes and read as bytes, because Windows PowerShell 5.1 would take text for Latin-1 on the way.
    $json = ConvertTo-Json -InputObject $Body -Depth 20 -Compress
    $answer = Send-Request -Uri "$baseUrl/helloid/$Action" -Key $key -Json $json -TimeoutSec $TimeoutSec
    if ($answer.Status -ge 200 -and $answer.Status -lt 300) {
        return ConvertFrom-Answer -Json $answer.Text
    }

    # The error page of another server may show the headers that it was sent.
    $text = $answer.Text.Replace($key, '(the key)')
    Write-Warning -Message "HTTP status $($answer.Status): $($text.Substring(0, [Math]::Min($text.Length, 2000)))"
    $message = ''
    try {
        $message = "$((ConvertFrom-Json -InputObject $text).message)"
    }
    catch {
        $message = ''
    }
    if ($message -eq '') {
        $message = "The address answered with HTTP status $($answer.Status), and not as the connector does"
    }
    throw $message
}

# Invoke-WebRequest sets no limit to the time that a body takes, and PowerShell 7 writes its headers, the key too, to the
# debug stream.
function Send-Request {
    param (
        [string] $Uri,
        [string] $Key,
        [string] $Json,
        [int] $TimeoutSec
    )

    Add-Type -AssemblyName 'System.Net.Http'
    $handler = [System.Net.Http.HttpClientHandler]::new()
    $handler.AllowAutoRedirect = $false
    $client = [System.Net.Http.HttpClient]::new($handler)
    try {
        $client.Timeout = [System.Threading.Timeout]::InfiniteTimeSpan
        $request = [System.Net.Http.HttpRequestMessage]::new([System.Net.Http.HttpMethod]::Post, $Uri)
        [void] $request.Headers.TryAddWithoutValidation('x-functions-key', $Key)
        $request.Content = [System.Net.Http.ByteArrayContent]::new([System.Text.Encoding]::UTF8.GetBytes($Json))
        $request.Content.Headers.ContentType = [System.Net.Http.Headers.MediaTypeHeaderValue]::Parse('application/json; charset=utf-8')

        # Done when the last byte of the answer is here.
        $exchange = $client.SendAsync($request)
        if (-not $exchange.Wait($TimeoutSec * 1000)) {
            throw "The connector did not answer within $TimeoutSec seconds"
        }
        $response = $exchange.Result
        $bytes = $response.Content.ReadAsByteArrayAsync().Result
        return @{ Status = [int] $response.StatusCode; Text = [System.Text.Encoding]::UTF8.GetString($bytes) }
    }
    finally {
        $client.Dispose()
    }
}

function ConvertFrom-Answer {
    param (
        [string] $Json
    )

    # PowerShell 7 makes a date of text that looks like one, and would show it in another form. A mark in front keeps it text.
    $marked = $Json -replace '(?<=:")(?=\d{4}-\d\d-\d\dT)', '\u0001'
    try {
        $answer = ConvertFrom-Json -InputObject $marked
    }
    catch {
        throw 'The answer is not one of the Spend Cloud connector: check the address in the configuration of this system'
    }
    if ($marked.Length -ne $Json.Length) {
        Remove-Mark -Value $answer
    }
    return $answer
}

function Remove-Mark {
    param (
        $Value
    )

    foreach ($item in $Value) {
        if ($item -isnot [System.Management.Automation.PSCustomObject]) {
            continue
        }
        foreach ($property in $item.PSObject.Properties) {
            if ($property.Value -is [string]) {
                $property.Value = $property.Value.TrimStart([char] 1)
            }
            else {
                Remove-Mark -Value $property.Value
            }
        }
    }
}

# Returns one readable sentence and writes the detail as a warning.
function Resolve-ConnectorError {
    param (
        [System.Management.Automation.ErrorRecord] $ErrorRecord
    )

    $detail = "Line $($ErrorRecord.InvocationInfo.ScriptLineNumber): $($ErrorRecord.Exception)"
    Write-Warning -Message $detail.Substring(0, [Math]::Min($detail.Length, 2000))

    # Of a failed exchange the innermost exception says why.
    return $ErrorRecord.Exception.GetBaseException().Message
}

# Nothing counts as done until the connector has said so.
$outputContext.Success = $false

try {
    $contracts = $null
    if ($null -ne $personContext.Person.Contracts) {
        $contracts = @(foreach ($item in $personContext.Person.Contracts) { $item })
    }
    $body = @{
        actionContext = @{
            DryRun            = $actionContext.DryRun
            Origin            = $actionContext.Origin
            Data              = $actionContext.Data
            References        = @{
                Account = $actionContext.References.Account
            }
            AccountCorrelated = $actionContext.AccountCorrelated
        }
        personContext = @{
            Person = @{
                ExternalId = $personContext.Person.ExternalId
                Contracts  = $contracts
            }
        }
    }
    $answer = Invoke-Connector -Action 'update' -Body $body -TimeoutSec 25
    if ($null -eq $answer.Success) {
        throw 'The answer is not one of the Spend Cloud connector: check the address in the configuration of this system'
    }

    foreach ($member in 'AccountReference', 'Data', 'PreviousData') {
        if ($null -ne $answer.$member) {
            $outputContext.$member = $answer.$member
        }
    }
    foreach ($item in $answer.AuditLogs) {
        [void] $outputContext.AuditLogs.Add($item)
    }
    $outputContext.Success = $answer.Success -eq $true
}
catch {
    $outputContext.Success = $false
    [void] $outputContext.AuditLogs.Add([PSCustomObject]@{
            Action  = 'UpdateAccount'
            Message = "Could not update the Spend Cloud account: $(Resolve-ConnectorError -ErrorRecord $_)"
            IsError = $true
        })
}
