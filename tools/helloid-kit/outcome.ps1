{{header}}

{{connector}}

# Nothing counts as done until the connector has said so.
$outputContext.Success = $false
{{placeholder}}

try {
    {{lists}}
    $body = {{body}}
    $answer = Invoke-Connector -Action '{{action}}' -Body $body -TimeoutSec {{timeout}}
    if ($null -eq $answer.Success) {
        throw 'The answer is not one of the Spend Cloud connector: check the address in the configuration of this system'
    }

    {{takes}}
    $outputContext.Success = $answer.Success -eq $true
}
catch {
    $outputContext.Success = $false
    [void] $outputContext.AuditLogs.Add([PSCustomObject]@{
            Action  = {{logAs}}
            Message = "Could not {{doing}}: $(Resolve-ConnectorError -ErrorRecord $_)"
            IsError = $true
        })
}
